package io.nfspawn.plugin.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.cloud.Resources;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {

  @ParameterizedTest
  @CsvSource({"0, 0 B", "1023, 1023 B", "1536, 1.5 KB", "8160437862, 7.6 GB", "10737418240, 10 GB"})
  void shouldWriteBytesAsNextflowDoes(long bytes, String text) {
    assertThat(Amounts.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 s", "1, 1 s", "40000, 40 s", "120000, 2 min", "150000, 2 min 30 s"})
  void shouldWriteDurationsInWholeSeconds(long millis, String text) {
    assertThat(Amounts.text(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @Test
  void shouldNameOnlyWhatIsAskedFor() {
    assertThat(Amounts.text(new Resources(125, 1 << 20, 0, 0))).isEqualTo("0.125 cpus, 1 MB");
    assertThat(Amounts.text(new Resources(1000, 1 << 20, 1L << 40, 1)))
        .isEqualTo("1 cpu, 1 MB, 1 TB disk, 1 accelerator");
  }
}
