package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every pair of NA12878's slice whose reads aligned by themselves follows these rules. */
class BwaSampeTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0, false, 1, 37", "1, 0, false, 5, 25", "1, 1, false, 0, 23", "1, 2, false, 0, 20",
    "1, 6, false, 0, 15", "1, 11, false, 0, 13", "2, 0, false, 0, 0", "1, 1, true, 0, 0"
  })
  void shouldRateAReadByItsHits(int best, int lesser, boolean moved, int mismatches, int quality) {
    Hits hits = new Hits(best, lesser, 0, moved, 0, false);

    assertThat(BwaSampe.single(hits, mismatches, 101)).isEqualTo(quality);
  }

  @ParameterizedTest
  @CsvSource({"37, 37, 60", "37, 20, 57", "37, 0, 37", "0, 37, 29", "0, 23, 23", "0, 0, 0"})
  void shouldRateAPair(int single, int mate, int quality) {
    assertThat(BwaSampe.inPair(single, mate, 29)).isEqualTo(quality);
  }
}
