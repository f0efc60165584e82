package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlignerTest {
  private static final String REFERENCE =
      "ACGTTGCATCCGATAGGCTTAACGGATCCTTAGCAAAAACGTCTAGGATCGTTACCGGATATCCGGCTAACGTTAGC";
  private static final int READ_BP = 50;

  private static final ReferenceContig CONTIG =
      new ReferenceContig("c", REFERENCE.getBytes(StandardCharsets.US_ASCII), 0, new BitSet());

  private static @Nullable Alignment align(int offset, String errors, Variant... variants) {
    Haplotype haplotype = Haplotype.of(CONTIG, List.of(variants), 0, 0.01);
    Aligner aligner = new Aligner(READ_BP);
    byte[] bases = new byte[READ_BP];
    haplotype.copy(offset, bases, aligner.places(), RandomStream.of(1, "test"));
    for (int i = 0; i < errors.length(); i++) {
      if (errors.charAt(i) == 'x') {
        bases[i] = Nucleotide.transition(bases[i]);
      }
    }
    return aligner.align(CONTIG, bases);
  }

  private static Variant variant(int position, String reference, String alternate) {
    return new Variant(position, reference, alternate, true, true);
  }

  private static String text(@Nullable Alignment a) {
    return a == null
        ? "unmapped"
        : a.start() + " " + a.cigar() + " " + a.md() + " " + a.editDistance() + " " + a.score();
  }

  @Test
  void shouldMatchThroughoutWhenNothingDiffers() {
    assertThat(text(align(3, ""))).isEqualTo("3 50M 50 0 50");
  }

  @Test
  void shouldCountAMismatch() {
    assertThat(text(align(0, " ".repeat(20) + "x"))).isEqualTo("0 50M 20A29 1 45");
  }

  @Test
  void shouldShowADeletionOfTheHaplotype() {
    assertThat(text(align(0, "", variant(33, "CAA", "C")))).isEqualTo("0 34M2D16M 34^AA16 2 42");
  }

  @Test
  void shouldShowAnInsertionOfTheHaplotype() {
    assertThat(text(align(5, "", variant(24, "G", "GTC")))).isEqualTo("5 20M2I28M 48 2 40");
  }

  @Test
  void shouldAlignWithoutTheGapWhenAnEndIsTooShortToShowIt() {
    assertThat(text(align(10, "", variant(12, "G", "GAC")))).isEqualTo("13 5S45M 45 0 45");
    assertThat(text(align(10, "", variant(55, "C", "CTT")))).isEqualTo("10 46M4S 46 0 46");
    // One mismatch is cheaper than the gap.
    assertThat(text(align(22, "", variant(22, "TT", "T")))).isEqualTo("23 50M 0G49 1 45");
  }

  @Test
  void shouldClipAnEndThatIsMostlyErrors() {
    assertThat(text(align(0, " ".repeat(44) + "xxxxxx"))).isEqualTo("0 44M6S 44 0 44");
    assertThat(text(align(0, "xx x"))).isEqualTo("4 4S46M 46 0 46");
  }

  @Test
  void shouldKeepAnEndWhoseLossIsBelowTheClippingPenalty() {
    assertThat(text(align(0, "x"))).isEqualTo("0 50M 0A49 1 45");
  }

  @Test
  void shouldNotAlignWhatIsMostlyErrors() {
    assertThat(text(align(0, "x  ".repeat(16)))).isEqualTo("unmapped");
  }
}
