package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user with a Nextflow of his own, on JDK 17, and an empty NXF_HOME. */
final class InstallTest {
  @TempDir Path dir;

  @Test
  void shouldServeAPlainNextflowAfterInstall() throws IOException {
    Path jdk17 = jdk17();
    assumeTrue(jdk17 != null, "skipped: no JDK 17 under /usr/lib/jvm");
    Path home = Files.createDirectory(dir.resolve("home of nextflow"));

    NextflowRun.Outcome installed =
        NextflowRun.in(dir).env("NXF_HOME", home.toString()).run("install");
    assertThat(installed.exit()).as(installed.output()).isZero();
    assertThat(installed.output()).contains("plugins { id 'nf-spawn@0.1.0' }");

    NextflowRun.Outcome done = runDemo(jdk17, home, System.getenv("PATH"));
    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(dir.resolve("results/demo/demo.vcf.gz")).exists();

    Shell.out(dir, "mkdir bin; ln -s /usr/bin/* bin/; rm bin/bcftools bin/tabix");
    NextflowRun.Outcome lacking = runDemo(jdk17, home, dir.resolve("bin").toString());
    assertThat(lacking.exit()).isNotZero();
    assertThat(lacking.output())
        .contains(
            "bcftools, tabix not found on PATH; on Debian and Ubuntu run: apt-get install bcftools"
                + " tabix")
        .doesNotContain("Submitted process");
  }

  private NextflowRun.Outcome runDemo(Path jdk, Path home, String path) {
    return NextflowRun.in(dir)
        .env("NXF_HOME", home.toString())
        .env("NXF_OFFLINE", "true")
        .env("SPAWN_JAVA_HOME", "")
        .env("PATH", path)
        .launcher(plainNextflow(jdk))
        .run(
            "run",
            NextflowRun.root().resolve("workflows/main.nf").toString(),
            "-profile",
            "test,spawn");
  }

  private static String[] plainNextflow(Path jdk) {
    List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
    for (String opened :
        List.of(
            "java.lang",
            "java.io",
            "java.nio",
            "java.net",
            "java.util",
            "java.nio.file.spi",
            "java.util.concurrent.locks",
            "java.util.concurrent.atomic",
            "java.util.regex",
            "sun.nio.ch",
            "sun.nio.fs",
            "sun.net.www.protocol.http",
            "sun.net.www.protocol.https",
            "sun.net.www.protocol.ftp",
            "sun.net.www.protocol.file",
            "jdk.internal.misc",
            "jdk.internal.vm")) {
      command.add("--add-opens=java.base/%s=ALL-UNNAMED".formatted(opened));
    }
    command.addAll(
        List.of(
            "-cp",
            NextflowRun.root().resolve("plugins/nextflow/target/lib") + "/*",
            "nextflow.cli.Launcher"));
    return command.toArray(String[]::new);
  }

  private static Path jdk17() {
    try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
      return homes
          .filter(home -> Files.exists(home.resolve("bin/java")) && release(home).contains("\"17"))
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  private static String release(Path home) {
    try {
      return Files.exists(home.resolve("release")) ? Files.readString(home.resolve("release")) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
