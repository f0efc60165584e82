package io.nfspawn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against encodings written out by hand from X.690 and RFC 5280. */
class DerTest {
  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void shouldPackArcsInSevenBitsWhenAnIdentifierHasLargeOnes() {
    assertThat(hex(Der.identifier(2, 5, 4, 3))).isEqualTo("0603550403");
    assertThat(hex(Der.identifier(1, 2, 840, 10045, 4, 3, 2))).isEqualTo("06082a8648ce3d040302");
    assertThat(hex(Der.identifier(1, 3, 0, 127, 128, 16384)))
        .isEqualTo("0608" + "2b" + "00" + "7f" + "8100" + "818000");
  }

  @Test
  void shouldKeepNumbersPositiveWhenTheirFirstBitIsSet() {
    assertThat(hex(Der.integer(BigInteger.ZERO))).isEqualTo("020100");
    assertThat(hex(Der.integer(BigInteger.valueOf(127)))).isEqualTo("02017f");
    assertThat(hex(Der.integer(BigInteger.valueOf(128)))).isEqualTo("02020080");
  }

  @Test
  void shouldUseTheLongFormOfLengthsWhenContentHas128BytesOrMore() {
    assertThat(hex(Der.text("a".repeat(127)))).startsWith("0c7f61");
    assertThat(hex(Der.text("a".repeat(128)))).startsWith("0c818061");
    assertThat(hex(Der.text("a".repeat(255)))).startsWith("0c81ff61");
    assertThat(hex(Der.text("a".repeat(256)))).startsWith("0c82010061");
    assertThat(Der.text("a".repeat(40_000))).hasSize(40_000 + 4);
  }

  @Test
  void shouldNestWhatItIsGivenInOrder() {
    byte[] one = Der.integer(BigInteger.ONE);
    byte[] two = Der.integer(BigInteger.TWO);
    assertThat(hex(Der.sequence(one, two))).isEqualTo("3006020101020102");
    assertThat(hex(Der.set(Der.sequence()))).isEqualTo("31023000");
  }

  @Test
  void shouldSayThatNoBitIsUnusedWhenBitsAreWholeBytes() {
    assertThat(hex(Der.bitString(new byte[] {(byte) 0xca, (byte) 0xfe}))).isEqualTo("030300cafe");
  }

  @Test
  void shouldWriteTimesOfTwoDigitYearsInUtc() {
    assertThat(hex(Der.time(Instant.parse("2026-11-21T06:37:38Z"))))
        .isEqualTo("170d" + hex("261121063738Z".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
