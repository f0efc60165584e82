package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Tags;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Formats raw records as the lines that {@code samtools view} prints, byte for byte. Reuses one
 * buffer; not thread-safe.
 */
public final class SamText {
  private static final byte[] BASES = ascii("=ACMGRSVTWYHKDBN");
  private static final byte[] OPERATIONS = ascii("MIDNSHP=XB??????");

  private final byte[][] contigs;
  private byte[] line = new byte[1 << 12];
  private int length;

  public SamText(List<Contig> contigs) {
    this.contigs =
        contigs.stream()
            .map(contig -> contig.name().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  /** Writes one line with its end. */
  public void write(RecordView record, OutputStream out) throws IOException {
    length = 0;
    byte[] bytes = record.buffer();
    put(bytes, record.nameOffset(), record.nameLength());
    tab();
    putNumber(record.flag());
    tab();
    putContig(record.contigIndex());
    tab();
    putNumber(record.start0() + 1L);
    tab();
    putNumber(record.mapq());
    tab();
    putCigar(record);
    tab();
    putMateContig(record);
    tab();
    putNumber(record.mateStart0() + 1L);
    tab();
    putNumber(record.templateLengthBp());
    tab();
    putBases(record);
    tab();
    putQualities(record);
    putTags(record);
    put('\n');
    out.write(line, 0, length);
  }

  private void putContig(int index) {
    if (index < 0) {
      put('*');
    } else {
      put(contigs[index], 0, contigs[index].length);
    }
  }

  private void putMateContig(RecordView record) {
    int mate = record.mateContigIndex();
    if (mate >= 0 && mate == record.contigIndex()) {
      put('=');
    } else {
      putContig(mate);
    }
  }

  private void putCigar(RecordView record) {
    int count = record.cigarOperations();
    if (count == 0) {
      put('*');
      return;
    }
    int at = record.cigarOffset();
    for (int i = 0; i < count; i++, at += 4) {
      int operation = LittleEndian.int32(record.buffer(), at);
      putNumber(operation >>> 4);
      put(OPERATIONS[operation & 0xf]);
    }
  }

  private void putBases(RecordView record) {
    int count = record.readLengthBp();
    if (count == 0) {
      put('*');
      return;
    }
    reserve(count);
    byte[] bytes = record.buffer();
    int at = record.basesOffset();
    for (int i = 0; i < count; i++) {
      int pair = bytes[at + (i >> 1)];
      line[length++] = BASES[(i & 1) == 0 ? pair >> 4 & 0xf : pair & 0xf];
    }
  }

  private void putQualities(RecordView record) {
    int count = record.readLengthBp();
    byte[] bytes = record.buffer();
    int at = record.qualitiesOffset();
    if (count == 0 || bytes[at] == (byte) 0xff) {
      put('*');
      return;
    }
    reserve(count);
    for (int i = 0; i < count; i++) {
      line[length++] = (byte) (bytes[at + i] + 33);
    }
  }

  private void putTags(RecordView record) {
    byte[] bytes = record.buffer();
    int end = record.offset() + record.lengthBytes();
    boolean cigarInTag = record.hasLongCigar();
    int next;
    for (int at = record.tagsOffset(); at >= 0 && at < end; at = next) {
      next = Tags.next(bytes, at, end);
      if (next < 0) {
        return;
      }
      if (!(cigarInTag && bytes[at] == 'C' && bytes[at + 1] == 'G')) {
        putTag(bytes, at, next);
      }
    }
  }

  private void putTag(byte[] bytes, int at, int end) {
    tab();
    put(bytes, at, 2);
    put(':');
    byte type = bytes[at + 2];
    switch (type) {
      case 'c', 'C', 's', 'S', 'i', 'I' -> {
        put('i');
        put(':');
        putInteger(bytes, at + 3, type);
      }
      case 'f', 'd' -> {
        put(type);
        put(':');
        put(FloatText.ofSingle(floatAt(bytes, at + 3, type)));
      }
      case 'B' -> putArray(bytes, at + 3);
      default -> {
        put(type);
        put(':');
        // text ends in a NUL, a character does not
        put(bytes, at + 3, end - at - 3 - (type == 'A' ? 0 : 1));
      }
    }
  }

  private void putArray(byte[] bytes, int at) {
    byte type = bytes[at];
    int width = Tags.elementBytes(type);
    int count = LittleEndian.int32(bytes, at + 1);
    put('B');
    put(':');
    put(type);
    for (int i = 0, element = at + 5; i < count; i++, element += width) {
      put(',');
      if (type == 'f') {
        put(FloatText.ofElement(floatAt(bytes, element, type)));
      } else {
        putInteger(bytes, element, type);
      }
    }
  }

  private void putInteger(byte[] bytes, int at, byte type) {
    putNumber(
        switch (type) {
          case 'c' -> bytes[at];
          case 'C' -> bytes[at] & 0xff;
          case 's' -> (short) LittleEndian.uint16(bytes, at);
          case 'S' -> LittleEndian.uint16(bytes, at);
          case 'I' -> LittleEndian.int32(bytes, at) & 0xffffffffL;
          default -> LittleEndian.int32(bytes, at);
        });
  }

  private static double floatAt(byte[] bytes, int at, byte type) {
    return type == 'd'
        ? Double.longBitsToDouble(LittleEndian.int64(bytes, at))
        : Float.intBitsToFloat(LittleEndian.int32(bytes, at));
  }

  private void putNumber(long number) {
    reserve(20);
    long rest = number;
    if (rest < 0) {
      line[length++] = '-';
      rest = -rest;
    }
    int digits = 1;
    for (long limit = rest; limit >= 10; limit /= 10) {
      digits++;
    }
    for (int at = length + digits - 1; at >= length; at--) {
      line[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  private void tab() {
    put('\t');
  }

  private void put(String text) {
    byte[] bytes = ascii(text);
    put(bytes, 0, bytes.length);
  }

  private void put(int value) {
    reserve(1);
    line[length++] = (byte) value;
  }

  private void put(byte[] bytes, int offset, int count) {
    reserve(count);
    System.arraycopy(bytes, offset, line, length, count);
    length += count;
  }

  private void reserve(int count) {
    if (line.length - length < count) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + count));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
