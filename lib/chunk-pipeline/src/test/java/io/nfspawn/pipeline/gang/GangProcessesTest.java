package io.nfspawn.pipeline.gang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Na12878;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.Tool;
import io.nfspawn.pipeline.plan.PlanRequest;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * distribute, two callers and merge as processes; one caller is killed, the next round is whole.
 */
@Tag("long")
class GangProcessesTest {
  private static final int MERGE = 3;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "fabric:shm"})
  void shouldGiveTheSequentialBytesInTheNextRoundWhenACallerIsKilledInTheMiddle(String wire)
      throws Exception {
    assumeTrue(wire.equals("zmq") || Libfabric.probe().isAvailable(), Libfabric.probe().absence());
    Path data = dataset();
    Path plan = plan(data, PlanRequest.of("NA12878").withSpan(2500));
    roundWithAKill(wire, data, plan);
    round(wire, data, plan);
    String expected =
        Tool.stdout(
            "bcftools mpileup -f %s %s | bcftools call -mv"
                .formatted(Na12878.reference(), directory.resolve("reads.bam")));
    Path vcf = directory.resolve("round-2/work-3/NA12878.vcf.gz");
    assertThat(Tool.body(Tool.stdout("zcat " + vcf))).isEqualTo(Tool.body(expected));
  }

  @Test
  void shouldEndEveryMemberWithoutAResultWhenTheCallerFailsOnAnItem() throws Exception {
    Path data = dataset();
    String failing = "echo cannot read {bam} >&2; exit 7";
    Path plan = plan(data, PlanRequest.of("NA12878").withSpan(10000).withCaller(failing, ""));
    try (GangProcesses gang =
        new GangProcesses(
            directory.resolve("round-1"),
            List.of("zmq"),
            arguments(data, plan, directory.resolve("merge.trace")))) {
      for (int rank = 0; rank <= MERGE; rank++) {
        assertThat(gang.exitCode(rank)).as(gang.printed(rank)).isEqualTo(1);
        assertThat(gang.work(rank)).isEmptyDirectory();
      }
      assertThat(gang.printed(1))
          .contains("spawn-chunks call: caller failed on work item 20:")
          .contains("it exited 7; its last lines:\n  cannot read ");
    }
  }

  private Path dataset() throws Exception {
    Path bam = directory.resolve("reads.bam");
    Tool.stdout("samtools view -b %s chr20:10000000-10040000 > %s".formatted(Na12878.bam(), bam));
    return Samples.dataset(bam);
  }

  private Path plan(Path data, PlanRequest request) throws Exception {
    Path plan = directory.resolve("plan.json");
    try (Scratch scratch = Scratch.open("test");
        Dataset dataset = Dataset.open(data);
        Reference reference = Reference.open(Na12878.reference(), scratch)) {
      Planner.plan(dataset, reference, request).write(plan);
    }
    return plan;
  }

  private void roundWithAKill(String wire, Path data, Path plan) throws Exception {
    Path trace = directory.resolve("merge.trace");
    try (GangProcesses gang =
        new GangProcesses(
            directory.resolve("round-1"), List.of(wire), arguments(data, plan, trace))) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Files.exists(trace) && Files.readAllLines(trace).size() > 2);
      gang.kill(1);
      assertThat(gang.exitCode(MERGE)).as(gang.printed(MERGE)).isEqualTo(1);
      assertThat(gang.printed(MERGE)).contains("spawn-chunks merge: ").contains("rank 1");
      assertThat(gang.exitCode(0)).as(gang.printed(0)).isEqualTo(1);
      assertThat(gang.printed(0)).contains("spawn-chunks distribute: ").contains("rank 1");
      // the other caller is not connected to rank 1: it may have called all that is left, and be
      // done
      assertThat(gang.exitCode(2)).as(gang.printed(2)).isIn(0, 1);
      for (int rank : new int[] {0, 2, MERGE}) {
        assertThat(gang.work(rank)).as("work of " + rank).isEmptyDirectory();
        assertThat(gang.temporary(rank)).as("scratch of " + rank).isEmptyDirectory();
      }
    }
  }

  private void round(String wire, Path data, Path plan) throws Exception {
    Path trace = directory.resolve("merge-2.trace");
    try (GangProcesses gang =
        new GangProcesses(
            directory.resolve("round-2"), List.of(wire), arguments(data, plan, trace))) {
      for (int rank = 0; rank <= MERGE; rank++) {
        assertThat(gang.exitCode(rank)).as(gang.printed(rank)).isZero();
        assertThat(gang.printed(rank)).contains(" wire=" + wire + " reason=");
        assertThat(gang.temporary(rank)).as("scratch of " + rank).isEmptyDirectory();
      }
      for (int rank = 0; rank < MERGE; rank++) {
        assertThat(gang.work(rank)).as("work of " + rank).isEmptyDirectory();
      }
      assertThat(gang.work(MERGE))
          .isDirectoryContaining("glob:**/NA12878.vcf.gz")
          .isDirectoryContaining("glob:**/NA12878.vcf.gz.tbi")
          .isDirectoryContaining("glob:**/NA12878.merge_stats.json");
    }
  }

  private static List<List<String>> arguments(Path data, Path plan, Path trace) {
    String reference = Na12878.reference().toString();
    List<String> call =
        List.of("call", "--plan", "" + plan, "--reference", reference, data.toString());
    return List.of(
        List.of("distribute", "--plan", "" + plan, data.toString()),
        call,
        call,
        List.of("merge", "--plan", "" + plan, "--trace", "" + trace, "-o", "NA12878.vcf.gz"));
  }
}
