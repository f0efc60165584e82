package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front door for a user who is not root and owns nothing but the directory he stands in. */
final class UnprivilegedUserTest {
  private static final Path ROOT = NextflowRun.root();
  private static final String NOBODY = "setpriv --reuid=nobody --regid=nogroup --clear-groups ";

  @TempDir Path dir;

  @BeforeEach
  void giveDirectory() {
    assumeTrue(
        Shell.out(dir, "id -u").equals("0\n"),
        "skipped: only root can become another user; all other tests run without root already");
    assumeTrue(
        Shell.out(dir, NOBODY + "test -r '%s/pom.xml' && echo yes || echo no".formatted(ROOT))
            .equals("yes\n"),
        "skipped: the source tree cannot be read by others");
    Shell.out(
        dir,
        ("'%s/workflows/bin/bams3' simulate --out sim --seed 3 --length 40K --coverage 10;"
                + " cp sim/sample.bam secret.bam; chmod 600 secret.bam; chown nobody . sim")
            .formatted(ROOT));
  }

  @Test
  void shouldCallVariants() {
    NextflowRun.Outcome done = run("sim/sample.bam", "/usr/local/bin:/usr/bin:/bin");

    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(Shell.out(dir, "bcftools index -n results/sample/sample.vcf.gz").strip())
        .isEqualTo(Shell.out(dir, "bcftools view -H results/sample/sample.vcf.gz | wc -l").strip());
  }

  @Test
  void shouldSayThatAFileCannotBeRead() {
    NextflowRun.Outcome done = run("secret.bam", "/usr/local/bin:/usr/bin:/bin");

    assertThat(done.exit()).isNotZero();
    assertThat(done.output())
        .contains("--input: %s/secret.bam cannot be read; check its permissions".formatted(dir))
        .doesNotContain("Submitted process");
  }

  @Test
  void shouldNameThePackageToInstallWhenBcftoolsIsMissing() {
    Shell.out(dir, "mkdir bin; ln -s /usr/bin/* bin/; rm bin/bcftools");

    NextflowRun.Outcome done = run("sim/sample.bam", dir.resolve("bin").toString());

    assertThat(done.exit()).isEqualTo(1);
    assertThat(done.output())
        .isEqualTo("nf-spawn: not installed: bcftools; install with: apt-get install bcftools\n");
  }

  private NextflowRun.Outcome run(String input, String path) {
    List<String> launcher = new ArrayList<>(List.of(NOBODY.split(" ")));
    launcher.addAll(List.of("env", "HOME=" + dir, "NXF_HOME=" + dir.resolve("home")));
    launcher.addAll(List.of("PATH=" + path, ROOT.resolve("nextflow").toString()));
    return NextflowRun.in(dir)
        .launcher(launcher.toArray(String[]::new))
        .run(
            "run",
            ROOT.resolve("workflows/main.nf").toString(),
            "-profile",
            "spawn",
            "--input",
            input,
            "--fasta",
            "sim/reference.fa");
  }
}
