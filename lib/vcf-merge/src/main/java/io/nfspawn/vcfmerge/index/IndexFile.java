package io.nfspawn.vcfmerge.index;

import io.nfspawn.vcfmerge.IndexFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Layout of the two index files, little-endian, to be BGZF-compressed as a whole.
 *
 * <pre>
 * TBI (tabix specification)                CSI (CSIv1)
 *  magic "TBI\1"                            magic "CSI\1"
 *  int32 number of contigs                  int32 minShift, int32 depth
 *  -                                        int32 length of the tabix part
 *  tabix part: int32 format=2 (VCF), 1, 2, 0 (columns), '#', 0 (lines to skip),
 *              int32 length of names, names each ended by NUL
 *  -                                        int32 number of contigs
 *  per contig: int32 number of bins, per bin
 *    uint32 bin                               uint32 bin, uint64 lowest offset
 *    int32 number of ranges, per range uint64 start, uint64 end (virtual file offsets)
 *    the last bin is the pseudo-bin: {first offset, end offset}, {records, 0}
 *  int32 number of windows, uint64 each     -
 *  uint64 number of records without place, always 0 in VCF
 * </pre>
 */
record IndexFile(IndexFormat format, BinScheme scheme, List<ContigIndex> contigs) {
  private static final int VCF_PRESET = 2;

  byte[] bytes() {
    Sink out = new Sink();
    byte[] tabix = tabixPart();
    switch (format) {
      case TBI -> {
        out.magic("TBI").int32(contigs.size()).bytes(tabix);
      }
      case CSI -> {
        out.magic("CSI").int32(scheme.minShift()).int32(scheme.depth());
        out.int32(tabix.length).bytes(tabix).int32(contigs.size());
      }
    }
    contigs.forEach(contig -> putContig(out, contig));
    out.int64(0);
    return out.toByteArray();
  }

  private byte[] tabixPart() {
    Sink names = new Sink();
    contigs.forEach(c -> names.bytes(c.name.getBytes(StandardCharsets.UTF_8)).int8(0));
    byte[] nameBytes = names.toByteArray();
    Sink out = new Sink();
    out.int32(VCF_PRESET).int32(1).int32(2).int32(0).int32('#').int32(0);
    return out.int32(nameBytes.length).bytes(nameBytes).toByteArray();
  }

  private void putContig(Sink out, ContigIndex contig) {
    out.int32(contig.bins.size() + 1);
    for (Map.Entry<Integer, FileRanges> bin : contig.bins.entrySet()) {
      putBinHead(out, bin.getKey(), contig.lowestOffset(bin.getKey()));
      FileRanges ranges = bin.getValue();
      out.int32(ranges.size());
      for (int i = 0; i < ranges.size(); i++) {
        out.int64(ranges.start(i)).int64(ranges.end(i));
      }
    }
    putBinHead(out, scheme.metaBin(), 0);
    out.int32(2).int64(contig.fileStart).int64(contig.fileEnd).int64(contig.records).int64(0);
    if (format == IndexFormat.TBI) {
      out.int32(contig.windowCount());
      for (int w = 0; w < contig.windowCount(); w++) {
        out.int64(contig.window(w));
      }
    }
  }

  private void putBinHead(Sink out, int bin, long lowestOffset) {
    out.int32(bin);
    if (format == IndexFormat.CSI) {
      out.int64(lowestOffset);
    }
  }

  /** Little-endian bytes. */
  private static final class Sink {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    Sink magic(String letters) {
      return bytes(letters.getBytes(StandardCharsets.US_ASCII)).int8(1);
    }

    Sink int8(int value) {
      out.write(value);
      return this;
    }

    Sink int32(int value) {
      number.putInt(0, value);
      out.write(number.array(), 0, 4);
      return this;
    }

    Sink int64(long value) {
      number.putLong(0, value);
      out.write(number.array(), 0, 8);
      return this;
    }

    Sink bytes(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }
  }
}
