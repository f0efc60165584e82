package io.nfspawn.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.cli.SpawnChannelCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of docs/channel.md do what it says. */
@Tag("long")
@Tag("tools")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DocumentedExampleTest {
  private static final int RANKS = 3;

  @TempDir Path directory;

  private static String script(String example) throws Exception {
    String text =
        Files.readString(Path.of(System.getProperty("spawn.root", "../.."), "docs/channel.md"));
    int start = text.indexOf("```bash\n", text.indexOf("<!-- example: " + example + " -->"));
    return text.substring(start + "```bash\n".length(), text.indexOf("\n```\n", start) + 1);
  }

  /** Runs the script once a rank, all in one directory, with this build's spawn-channel on PATH. */
  private void run(String example) throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path launcher = bin.resolve("spawn-channel");
    Files.writeString(
        launcher,
        "#!/bin/bash\nexec '%s/bin/java' -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
            .formatted(
                System.getProperty("java.home"),
                System.getProperty("java.class.path"),
                SpawnChannelCommand.class.getName()));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    String script = script(example);
    try (TestGang gang = new TestGang(directory, RANKS, 1)) {
      List<Process> tasks = new ArrayList<>();
      for (int rank = 0; rank < RANKS; rank++) {
        ProcessBuilder task = new ProcessBuilder("bash", "-c", script);
        task.environment().putAll(gang.environment(rank));
        task.environment().merge("PATH", bin + ":", (path, first) -> first + path);
        tasks.add(
            task.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log." + rank).toFile())
                .start());
      }
      for (int rank = 0; rank < RANKS; rank++) {
        assertThat(tasks.get(rank).waitFor())
            .as(Files.readString(directory.resolve("log." + rank)))
            .isZero();
      }
    }
  }

  @Test
  void shouldGatherLines() throws Exception {
    run("gather");
    assertThat(directory.resolve("counts.txt")).hasContent("rank 1 counted 9\nrank 2 counted 8\n");
  }

  @Test
  void shouldSpreadFile() throws Exception {
    byte[] reference = new byte[3_000_001];
    new Random(1).nextBytes(reference);
    Files.write(directory.resolve("reference.fa"), reference);
    run("spread");
    assertThat(directory.resolve("copy.1.fa")).hasBinaryContent(reference);
    assertThat(directory.resolve("copy.2.fa")).hasBinaryContent(reference);
  }
}
