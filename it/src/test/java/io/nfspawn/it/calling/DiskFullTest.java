package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up: a small file system in memory, which only root may mount. */
final class DiskFullTest {
  @TempDir Path dir;

  private boolean mounted;

  @BeforeEach
  void mount() {
    String mount =
        Shell.out(
            dir,
            "mkdir small; mount -t tmpfs -o size=100k tmpfs small 2> /dev/null && echo yes || echo no");
    mounted = mount.equals("yes\n");
    assumeTrue(mounted, "skipped: only root can mount a small file system");
    Shell.out(
        dir,
        "'%s/workflows/bin/bams3' simulate --out sim --seed 3 --length 40K --coverage 10"
            .formatted(NextflowRun.root()));
  }

  @AfterEach
  void unmount() {
    if (mounted) {
      Shell.out(dir, "umount small");
    }
  }

  @Test
  void shouldSayThatTheWorkDirectoryIsFull() {
    NextflowRun.Outcome done = run("-w", "small");

    assertThat(done.exit()).isNotZero();
    assertThat(done.output())
        .contains(
            "bams3: cannot write below sample.bams3: No space left on device; free space there or"
                + " choose another target");
    assertThat(Shell.out(dir, "find small -name '*.bams3'; find results -type f 2>&1 || true"))
        .doesNotContain("sample");
  }

  @Test
  void shouldLeaveNoHalfWrittenResultWhenTheOutputDirectoryIsFull() {
    assertWithdrawn(run("--outdir", "small"));
    // Everything is done before the fault, and Nextflow's console about to close.
    assertWithdrawn(run("--outdir", "small", "-resume"));
  }

  private void assertWithdrawn(NextflowRun.Outcome done) {
    assertThat(done.exit()).isNotZero();
    assertThat(done.output())
        .contains(
            "small: No space left on device; removed the incomplete results of sample there. Free"
                + " space, then run again with -resume");
    assertThat(Shell.out(dir, "find small -type f")).isEmpty();
  }

  private NextflowRun.Outcome run(String... more) {
    List<String> line = new ArrayList<>();
    line.addAll(
        List.of("run", NextflowRun.root().resolve("workflows/main.nf").toString(), "-profile"));
    line.addAll(List.of("spawn", "--input", "sim/sample.bam", "--fasta", "sim/reference.fa"));
    line.addAll(List.of(more));
    return NextflowRun.in(dir).run(line.toArray(String[]::new));
  }
}
