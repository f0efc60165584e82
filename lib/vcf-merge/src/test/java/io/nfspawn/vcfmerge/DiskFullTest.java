package io.nfspawn.vcfmerge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small tmpfs; needs the right to mount one. */
class DiskFullTest {
  private static final List<Contig> CONTIGS = List.of(new Contig("chr1", 3_000_000));

  @TempDir Path dir;
  private Path small;
  private boolean mounted;
  private final Calls calls = Calls.random(41, CONTIGS, 60_000);

  @BeforeEach
  void mount() throws Exception {
    small = Files.createDirectory(dir.resolve("small"));
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString())
            .redirectErrorStream(true)
            .start();
    mount.getInputStream().readAllBytes();
    mounted = mount.waitFor() == 0;
    assumeTrue(mounted, "no right to mount a tmpfs");
  }

  @AfterEach
  void unmount() {
    if (mounted) {
      Tool.run("umount", small);
    }
  }

  @Test
  void shouldSaySoAndPublishNothingWhenTheOutputIsFull() throws IOException {
    Path vcf = small.resolve("out.vcf.gz");
    assertThatThrownBy(() -> merge(vcf, dir))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            vcf
                + ": cannot write: No space left on device; nothing was published, make room or"
                + " choose another place");
    assertEmpty();
  }

  @Test
  void shouldSaySoWhenScratchIsFull() throws IOException {
    assertThatThrownBy(() -> merge(dir.resolve("out.vcf.gz"), small))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("scratch " + small)
        .hasMessageContaining("No space left on device");
    assertEmpty();
    assertThat(dir.resolve("out.vcf.gz")).doesNotExist();
  }

  private void merge(Path vcf, Path scratch) throws IOException {
    MergePlan plan = calls.plan(1_000_000);
    MergeRequest request =
        MergeRequest.of("s", MergeTarget.beside(vcf), plan)
            .withLimits(new MergeLimits(0, scratch, 1));
    try (OrderedMerge merge = OrderedMerge.open(request)) {
      for (ChunkResult result : calls.results(plan)) {
        merge.accept(result);
      }
      merge.finish();
    }
  }

  private void assertEmpty() throws IOException {
    try (Stream<Path> left = Files.list(small)) {
      assertThat(left).isEmpty();
    }
  }
}
