package io.nfspawn.plugin.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class StageTimesTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final StageTimes times = new StageTimes();

  @Test
  void shouldSayNothingWhenNothingRan() {
    assertThat(times.table()).isEmpty();
  }

  @Test
  void shouldSpanFromFirstStartToLastEndOfAProcess() {
    times.ran("VARIANTS:CHUNKS_CALL", T0.plusMillis(500), T0.plusMillis(2000));
    times.ran("VARIANTS:CHUNKS_CALL", T0, T0.plusMillis(1500));
    times.cached("BAMS3_CONVERT");

    assertThat(times.table())
        .isEqualTo(
            """
            Stage              Tasks   Wall time
            CHUNKS_CALL            2       2.0 s
            BAMS3_CONVERT          1      cached""");
  }
}
