package io.nfspawn.bams3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds the bytes of one BAM record, so that tests do not depend on anybody's encoder. */
public final class RecordBytes {
  public String name = "r";
  public int flag;
  public int contig = -1;
  public int start0 = -1;
  public int mapq;
  public int[] cigar = {};
  public int mateContig = -1;
  public int mateStart0 = -1;
  public int templateLength;
  public byte[] bases = {};
  public byte[] qualities = {};
  public final ByteArrayOutputStream tags = new ByteArrayOutputStream();

  /** Adds a tag: two letters, type, and the value's bytes. */
  public RecordBytes tag(String nameAndType, byte[] value) {
    tags.writeBytes(nameAndType.getBytes(StandardCharsets.ISO_8859_1));
    tags.writeBytes(value);
    return this;
  }

  public static byte[] le(int width, long value) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(value)
        .slice(0, width)
        .array()
        .clone();
  }

  public static byte[] int32(long value) {
    return java.util.Arrays.copyOf(le(8, value), 4);
  }

  public static byte[] int16(long value) {
    return java.util.Arrays.copyOf(le(8, value), 2);
  }

  public static byte[] text(String value) {
    return (value + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  public static int op(int length, char operation) {
    return length << 4 | "MIDNSHP=X".indexOf(operation);
  }

  /** The record, block size first. */
  public byte[] build() {
    byte[] nameBytes = text(name);
    byte[] tagBytes = tags.toByteArray();
    int size =
        32
            + nameBytes.length
            + 4 * cigar.length
            + (bases.length + 1) / 2
            + bases.length
            + tagBytes.length;
    ByteBuffer out = ByteBuffer.allocate(4 + size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(size).putInt(contig).putInt(start0);
    out.put((byte) nameBytes.length).put((byte) mapq).putShort((short) 4680);
    out.putShort((short) cigar.length).putShort((short) flag).putInt(bases.length);
    out.putInt(mateContig).putInt(mateStart0).putInt(templateLength).put(nameBytes);
    for (int operation : cigar) {
      out.putInt(operation);
    }
    for (int i = 0; i < bases.length; i += 2) {
      out.put((byte) (bases[i] << 4 | (i + 1 < bases.length ? bases[i + 1] : 0)));
    }
    if (qualities.length == bases.length) {
      out.put(qualities);
    } else {
      for (int i = 0; i < bases.length; i++) {
        out.put((byte) 0xff);
      }
    }
    return out.put(tagBytes).array();
  }
}
