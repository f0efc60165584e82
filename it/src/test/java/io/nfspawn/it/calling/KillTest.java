package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills parts of a run in the middle; looks at the result and at what is left behind. */
final class KillTest {
  private static final String CALL = "SpawnChunksCommand call";
  private static final String DISTRIBUTE = "SpawnChunksCommand distribute";
  private static final String AGENT = "io.nfspawn.agent.AgentCommand";

  @TempDir static Path sequentialDir;
  private static String sequential;

  @TempDir Path dir;
  @TempDir Path temporary;
  private DemoRun demo;

  @BeforeAll
  static void callInOnePiece() {
    sequential = DemoRun.calledInOnePiece(sequentialDir);
  }

  @BeforeEach
  void prepare() {
    demo = new DemoRun(dir, temporary);
  }

  /** One after the other in the same run, each in a round of its own. */
  @ParameterizedTest
  @ValueSource(strings = {CALL + "," + DemoRun.MERGE, DISTRIBUTE + "," + AGENT})
  void shouldGiveTheSequentialBytesWhenMembersAreKilledInTheMiddle(String victims) {
    try (NextflowRun.Running run = demo.start()) {
      long before = -1;
      for (String victim : List.of(victims.split(",", -1))) {
        before = demo.untilANewRoundIsCalling(before);
        demo.processes().find(victim).orElseThrow().kill9();
      }
      NextflowRun.Outcome done = run.await(DemoRun.PATIENCE);

      assertThat(done.exit()).as(done.output()).isZero();
      assertThat(Shell.out(dir, "bcftools view -H '%s'".formatted(demo.vcf())))
          .isEqualTo(sequential);
    }
    demo.assertNothingIsLeftWithin(Duration.ofSeconds(5));
  }

  @Test
  void shouldEndEverythingWithinTheLeaseWhenTheDriverIsKilled() {
    try (NextflowRun.Running run = demo.start()) {
      demo.untilCallingIsUnderWay();
      Shell.out(dir, "kill -9 %d".formatted(run.process().pid()));
      demo.assertNothingIsLeftWithin(Duration.ofSeconds(35));
    }
  }
}
