package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.NextflowRun.Outcome;
import io.nfspawn.it.run.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo over a fabric, as a user asks for one: the same calls, and each member says which wire
 * it took and why. {@code FI_PROVIDER} hides libfabric's other providers, as on machines without
 * them.
 */
@Tag("long")
class FabricGangTest {
  @TempDir Path directory;

  @Test
  void shouldCallOverSharedMemoryWhenFabricIsPreferred() throws Exception {
    assertCallsOver("preferred", "shm", "wire=fabric:shm reason=\"every member has it and all");
  }

  @Test
  void shouldCallOverTcpWhenFabricIsRequiredAndNothingElseIsThere() throws Exception {
    assumeTrue(Boolean.getBoolean("spawn.soak"), "skipped: runs with ./verify --soak");
    assertCallsOver("required", "tcp,ofi_rxm", "wire=fabric:tcp;ofi_rxm reason=\"");
  }

  private void assertCallsOver(String policy, String providers, String chosen) throws Exception {
    assumeTrue(
        Shell.out(
                directory, "'" + NextflowRun.root() + "/workflows/bin/spawn-channel' info || true")
            .contains("shm"),
        "skipped: no libfabric here (apt-get install libfabric1)");
    Files.writeString(
        directory.resolve("fabric.config"), "spawn.channel.fabric = '" + policy + "'\n");
    Outcome done =
        NextflowRun.in(directory)
            .env("FI_PROVIDER", providers)
            .run(
                "run",
                NextflowRun.root().resolve("workflows/main.nf").toString(),
                "-profile",
                "test,spawn",
                "-c",
                "fabric.config",
                "--chunk_span",
                "16K");
    assertThat(done.exit()).as(done.output()).isZero();
    // Two workers, the distributor and the merge.
    assertThat(said(chosen)).isEqualTo(4);
    assertThat(Shell.out(directory, "bcftools view -H results/demo/demo.vcf.gz"))
        .isEqualTo(DemoRun.calledInOnePiece(directory));
  }

  /** In how many tasks' logs. */
  private long said(String text) throws Exception {
    try (Stream<Path> files = Files.walk(directory.resolve("work"))) {
      return files
          .filter(file -> file.getFileName().toString().equals(".command.err"))
          .filter(file -> Shell.out(directory, "cat '" + file + "'").contains(text))
          .count();
    }
  }
}
