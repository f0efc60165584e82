package io.nfspawn.bams3.sort;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;

/**
 * What {@code samtools sort} orders records by, in one number: contig (none last), start, strand.
 * Records of equal keys keep the order of the input.
 *
 * <pre>63 contig 33 | 32 start + 1 1 | 0 reverse strand</pre>
 */
final class CoordinateKey {
  private CoordinateKey() {}

  /**
   * @param contigs how many there are
   */
  static long of(byte[] record, int offset, int contigs) {
    int contig = LittleEndian.int32(record, offset + 4);
    int start0 = LittleEndian.int32(record, offset + 8);
    long reverse = (LittleEndian.uint16(record, offset + 18) & RecordView.REVERSE) == 0 ? 0 : 1;
    long place = (long) (contig < 0 ? contigs : contig) << 33;
    return place | ((start0 + 1) & 0xffffffffL) << 1 | reverse;
  }
}
