package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.SAMSequenceRecord;

/**
 * Other places a read could have come from (tag XA). Most reads of one kilobase share them, as
 * those of one repeat do.
 */
final class AlternativeHits {
  private static final int MOST = 3;
  private static final double SHARED = 0.6;
  private static final int REPEAT_BP = 1_000;

  private final SAMFileHeader header;
  private final RandomStream random;

  AlternativeHits(SAMFileHeader header, RandomStream random) {
    this.header = header;
    this.random = random;
  }

  String draw(SAMRecord record, int count) {
    int start = record.getAlignmentStart();
    RandomStream repeat =
        random.chance(SHARED)
            ? RandomStream.of(start / REPEAT_BP, record.getReferenceName())
            : random;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(MOST, count); i++) {
      SAMSequenceRecord contig =
          header.getSequence(repeat.nextInt(header.getSequenceDictionary().size()));
      int at = 1 + repeat.nextInt(contig.getSequenceLength()) + start % REPEAT_BP;
      text.append(contig.getSequenceName()).append(',').append(repeat.chance(0.5) ? '+' : '-');
      text.append(at).append(',').append(record.getReadLength()).append("M,");
      text.append(random.between(1, 4)).append(';');
    }
    return text.toString();
  }
}
