package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C, and what a batch system sends: both in the middle of a run. */
@Isolated("seconds count")
final class SignalTest {
  @TempDir Path dir;
  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void shouldEndEverythingWithinFiveSeconds(String signal) {
    DemoRun demo = new DemoRun(dir, temporary);
    try (NextflowRun.Running run = demo.start()) {
      demo.untilCallingIsUnderWay();
      Shell.out(dir, "kill -%s %d".formatted(signal, run.process().pid()));
      demo.assertNothingIsLeftWithin(Duration.ofSeconds(5));
      assertThat(run.await(DemoRun.PATIENCE).exit()).isNotZero();
    }
    assertThat(demo.vcf()).doesNotExist();
  }
}
