package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.ReadGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The uncompressed head of a BAM file, kept byte for byte.
 *
 * <pre>
 * 0 "BAM\1"   4 l_text i32   8 text   n_ref i32   { l_name i32, name\0, l_ref i32 } × n_ref
 * </pre>
 */
public final class BamHeader {
  private final byte[] bytes;
  private final int textBytes;
  private final List<Contig> contigs;

  private BamHeader(byte[] bytes, int textBytes, List<Contig> contigs) {
    this.bytes = bytes;
    this.textBytes = textBytes;
    this.contigs = contigs;
  }

  /**
   * @param bytes exactly the head; not copied
   * @param name what messages call the source
   */
  public static BamHeader parse(byte[] bytes, String name) throws InputException {
    int length = lengthIfComplete(bytes, bytes.length, name);
    if (length != bytes.length) {
      throw new InputException(
          name, "BAM header has %d bytes, %d expected".formatted(bytes.length, length));
    }
    int textBytes = LittleEndian.int32(bytes, 4);
    int count = LittleEndian.int32(bytes, 8 + textBytes);
    List<Contig> contigs = new ArrayList<>(count);
    int at = 12 + textBytes;
    for (int i = 0; i < count; i++) {
      int nameBytes = LittleEndian.int32(bytes, at);
      String contig = new String(bytes, at + 4, Math.max(0, nameBytes - 1), StandardCharsets.UTF_8);
      contigs.add(new Contig(i, contig, LittleEndian.int32(bytes, at + 4 + nameBytes)));
      at += 8 + nameBytes;
    }
    return new BamHeader(bytes, textBytes, List.copyOf(contigs));
  }

  /** Length of the head at the start of a buffer; -1 when more bytes are needed to tell. */
  static int lengthIfComplete(byte[] bytes, int filled, String name) throws InputException {
    if (filled >= 4 && !isBam(bytes)) {
      throw new InputException(name, "is not a BAM file: its content does not start with BAM\\1");
    }
    if (filled < 8) {
      return -1;
    }
    long at = 8L + nonNegative(LittleEndian.int32(bytes, 4), "text length", name);
    if (at + 4 > filled) {
      return -1;
    }
    int count = nonNegative(LittleEndian.int32(bytes, (int) at), "number of contigs", name);
    at += 4;
    for (int i = 0; i < count; i++) {
      if (at + 4 > filled) {
        return -1;
      }
      at += 8L + nonNegative(LittleEndian.int32(bytes, (int) at), "length of a contig name", name);
    }
    return at > filled ? -1 : (int) at;
  }

  static boolean isBam(byte[] bytes) {
    return bytes.length >= 4
        && bytes[0] == 'B'
        && bytes[1] == 'A'
        && bytes[2] == 'M'
        && bytes[3] == 1;
  }

  private static int nonNegative(int value, String what, String name) throws InputException {
    if (value < 0) {
      throw new InputException(name, "BAM header is damaged: " + what + " is " + value);
    }
    return value;
  }

  /** The whole head; read it only. */
  public byte[] bytes() {
    return bytes;
  }

  public List<Contig> contigs() {
    return contigs;
  }

  public String text() {
    return new String(textBytes(), StandardCharsets.UTF_8);
  }

  /** The header text without the NULs some writers pad it with. */
  public byte[] textBytes() {
    int end = 8 + textBytes;
    while (end > 8 && bytes[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOfRange(bytes, 8, end);
  }

  /**
   * The header as samtools view prints it: a last line is ended, and contigs that only the binary
   * list names follow.
   */
  public byte[] printedText() {
    StringBuilder text = new StringBuilder(new String(textBytes(), StandardCharsets.ISO_8859_1));
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    if (text.indexOf("@SQ\t") != 0 && text.indexOf("\n@SQ\t") < 0) {
      for (Contig contig : contigs) {
        byte[] name = contig.name().getBytes(StandardCharsets.UTF_8);
        text.append("@SQ\tSN:").append(new String(name, StandardCharsets.ISO_8859_1));
        text.append("\tLN:").append(contig.lengthBp()).append('\n');
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The SO of the {@code @HD} line, {@code unknown} when there is none. */
  public String sortOrder() {
    String text = text();
    if (!text.startsWith("@HD\t")) {
      return "unknown";
    }
    return field(text.lines().findFirst().orElse(""), "SO", "unknown");
  }

  public List<ReadGroup> readGroups() {
    return text()
        .lines()
        .filter(line -> line.startsWith("@RG\t"))
        .map(line -> new ReadGroup(field(line, "ID", ""), field(line, "SM", "")))
        .toList();
  }

  private static String field(String line, String tag, String otherwise) {
    for (String field : line.split("\t", -1)) {
      if (field.startsWith(tag + ":")) {
        return field.substring(3);
      }
    }
    return otherwise;
  }
}
