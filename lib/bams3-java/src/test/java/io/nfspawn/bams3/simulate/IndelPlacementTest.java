package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class IndelPlacementTest {
  private static ReferenceContig contig(String bases) {
    return new ReferenceContig("c", bases.getBytes(StandardCharsets.US_ASCII), 0, new BitSet());
  }

  @Test
  void shouldShiftADeletionToTheStartOfItsRun() {
    ReferenceContig contig = contig("GCAAAATC");

    IndelPlacement placed = IndelPlacement.leftmostDeletion(contig, 4, 1);

    assertThat(placed).isEqualTo(new IndelPlacement(1, "A", false, 6));
    assertThat(placed.toVariant(contig, true, false))
        .isEqualTo(new Variant(1, "CA", "C", true, false));
  }

  @Test
  void shouldRotateAnInsertionWhenShiftedByPartOfItsUnit() {
    ReferenceContig contig = contig("GTCACACT");

    IndelPlacement placed = IndelPlacement.leftmostInsertion(contig, 5, "CA");

    assertThat(placed).isEqualTo(new IndelPlacement(1, "CA", true, 7));
    assertThat(placed.toVariant(contig, true, true).genotype()).isEqualTo("1|1");
  }

  @Test
  void shouldKeepAnInsertionThatCannotBeShifted() {
    assertThat(IndelPlacement.leftmostInsertion(contig("GTCACACT"), 3, "GG"))
        .isEqualTo(new IndelPlacement(3, "GG", true, 4));
  }
}
