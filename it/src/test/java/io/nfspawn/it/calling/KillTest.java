package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.it.run.MarkedProcesses;
import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills parts of a run in the middle; looks at the result and at what is left behind. */
final class KillTest {
  private static final String MAIN = NextflowRun.root().resolve("workflows/main.nf").toString();
  private static final String CALL = "SpawnChunksCommand call";
  private static final String MERGE = "SpawnChunksCommand merge";
  private static final String DISTRIBUTE = "SpawnChunksCommand distribute";
  private static final String AGENT = "io.nfspawn.agent.AgentCommand";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir static Path undisturbedDir;
  private static String undisturbed;

  @TempDir Path dir;
  @TempDir Path temporary;
  private final MarkedProcesses processes = new MarkedProcesses();

  @BeforeAll
  static void runUndisturbed() {
    NextflowRun.Outcome done = NextflowRun.in(undisturbedDir).run(line());
    assertThat(done.exit()).as(done.output()).isZero();
    undisturbed = body(undisturbedDir);
  }

  /** One after the other in the same run, each in a round of its own. */
  @ParameterizedTest
  @ValueSource(strings = {CALL + "," + MERGE, DISTRIBUTE + "," + AGENT})
  void shouldGiveTheSameBytesWhenMembersAreKilledInTheMiddle(String victims) {
    try (NextflowRun.Running run = start()) {
      long before = -1;
      for (String victim : victims.split(",")) {
        before = untilANewRoundIsCalling(before);
        processes.find(victim).orElseThrow().kill9();
      }
      NextflowRun.Outcome done = run.await(PATIENCE);

      assertThat(done.exit()).as(done.output()).isZero();
      assertThat(body(dir)).isEqualTo(undisturbed);
    }
    assertNothingIsLeftWithin(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void shouldEndEverythingWithinFiveSecondsOfASignal(String signal) {
    try (NextflowRun.Running run = start()) {
      untilCallingIsUnderWay();
      Shell.out(dir, "kill -%s %d".formatted(signal, run.process().pid()));
      assertNothingIsLeftWithin(Duration.ofSeconds(5));
      assertThat(run.await(PATIENCE).exit()).isNotZero();
    }
    assertThat(dir.resolve("results/demo/demo.vcf.gz")).doesNotExist();
  }

  @Test
  void shouldEndEverythingWithinTheLeaseWhenTheDriverIsKilled() {
    try (NextflowRun.Running run = start()) {
      untilCallingIsUnderWay();
      Shell.out(dir, "kill -9 %d".formatted(run.process().pid()));
      assertNothingIsLeftWithin(Duration.ofSeconds(35));
    }
  }

  private NextflowRun.Running start() {
    return NextflowRun.in(dir)
        .env(MarkedProcesses.VARIABLE, processes.mark())
        .env("TMPDIR", temporary.toString())
        .start(line());
  }

  private static String[] line() {
    return new String[] {"run", MAIN, "-profile", "test,spawn", "--chunk_span", "4K"};
  }

  private void untilCallingIsUnderWay() {
    untilANewRoundIsCalling(-1);
  }

  /** Waits for a caller at work whose merge is another process than that of the round before. */
  private long untilANewRoundIsCalling(long mergeBefore) {
    AtomicLong merge = new AtomicLong(mergeBefore);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              processes.find(MERGE).ifPresent(found -> merge.set(found.pid()));
              return merge.get() != mergeBefore && processes.find("mpileup").isPresent();
            });
    return merge.get();
  }

  private void assertNothingIsLeftWithin(Duration patience) {
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              assertThat(processes.all()).isEmpty();
              assertThat(temporary).as("left in TMPDIR").isEmptyDirectory();
            });
  }

  private static String body(Path launch) {
    return Shell.out(launch, "bcftools view -H results/demo/demo.vcf.gz");
  }
}
