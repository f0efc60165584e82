package io.nfspawn.vcfmerge.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An uncompressed TBI or CSI, independent of the order of its bins (htslib writes them in the order
 * of its hash table).
 */
record ParsedIndex(String head, List<Map<Long, String>> bins, List<List<Long>> windows, long tail) {

  static ParsedIndex of(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean csi = bytes[0] == 'C';
    StringBuilder head = new StringBuilder().append((char) bytes[0]);
    in.position(4);
    int contigs = csi ? 0 : in.getInt();
    if (csi) {
      head.append(" minShift ").append(in.getInt()).append(" depth ").append(in.getInt());
      head.append(" aux ").append(in.getInt());
    }
    for (int i = 0; i < 6; i++) {
      head.append(' ').append(in.getInt());
    }
    byte[] names = new byte[in.getInt()];
    in.get(names);
    head.append(' ').append(new String(names, java.nio.charset.StandardCharsets.UTF_8));
    contigs = csi ? in.getInt() : contigs;
    List<Map<Long, String>> bins = new ArrayList<>();
    List<List<Long>> windows = new ArrayList<>();
    for (int c = 0; c < contigs; c++) {
      bins.add(bins(in, csi));
      windows.add(csi ? List.of() : windows(in));
    }
    long tail = in.getLong();
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes follow the index");
    }
    return new ParsedIndex(head.toString(), bins, windows, tail);
  }

  private static Map<Long, String> bins(ByteBuffer in, boolean csi) {
    Map<Long, String> bins = new TreeMap<>();
    int n = in.getInt();
    for (int b = 0; b < n; b++) {
      long bin = Integer.toUnsignedLong(in.getInt());
      StringBuilder text = new StringBuilder(csi ? "from " + in.getLong() : "");
      int ranges = in.getInt();
      for (int r = 0; r < ranges; r++) {
        text.append(" %x-%x".formatted(in.getLong(), in.getLong()));
      }
      bins.put(bin, text.toString());
    }
    return bins;
  }

  private static List<Long> windows(ByteBuffer in) {
    List<Long> windows = new ArrayList<>();
    int n = in.getInt();
    for (int w = 0; w < n; w++) {
      windows.add(in.getLong());
    }
    return windows;
  }
}
