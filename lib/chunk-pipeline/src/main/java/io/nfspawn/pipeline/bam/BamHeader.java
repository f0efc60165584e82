package io.nfspawn.pipeline.bam;

import io.nfspawn.bams3.Contig;
import io.nfspawn.pipeline.Latin1;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Header text and sequence dictionary as a BAM file begins with them.
 *
 * @param text the header text; one char a byte (ISO-8859-1), so that every byte survives
 * @param contigs the dictionary, in order
 */
public record BamHeader(String text, List<Contig> contigs) {
  private static final byte[] MAGIC = {'B', 'A', 'M', 1};

  public BamHeader {
    contigs = List.copyOf(contigs);
  }

  public static BamHeader of(byte[] text, List<Contig> contigs) {
    return new BamHeader(new String(text, StandardCharsets.ISO_8859_1), contigs);
  }

  /** Samples (SM) that read groups name, in the order of the header. */
  public List<String> samples() {
    Set<String> samples = new LinkedHashSet<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("@RG\t")) {
        for (String field : line.split("\t", -1)) {
          if (field.startsWith("SM:")) {
            samples.add(Latin1.text(field.substring(3)));
          }
        }
      }
    }
    return List.copyOf(samples);
  }

  /** The same header for a dictionary whose entry {@code contigIndex} is {@code lengthBp} long. */
  public BamHeader withLength(int contigIndex, int lengthBp) {
    Contig contig = contigs.get(contigIndex);
    List<Contig> changed = new ArrayList<>(contigs);
    changed.set(contigIndex, new Contig(contigIndex, contig.name(), lengthBp));
    String name = "SN:" + Latin1.of(contig.name());
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].startsWith("@SQ\t") && List.of(lines[i].split("\t", -1)).contains(name)) {
        lines[i] = lines[i].replaceFirst("\tLN:[0-9]+", "\tLN:" + lengthBp);
      }
    }
    return new BamHeader(String.join("\n", lines), changed);
  }

  /** The uncompressed bytes up to the first record (SAM specification, section 4.2). */
  public byte[] encode() {
    byte[] textBytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int length = 12 + textBytes.length;
    for (Contig contig : contigs) {
      length += 9 + contig.name().getBytes(StandardCharsets.UTF_8).length;
    }
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).putInt(textBytes.length).put(textBytes).putInt(contigs.size());
    for (Contig contig : contigs) {
      byte[] name = contig.name().getBytes(StandardCharsets.UTF_8);
      out.putInt(name.length + 1).put(name).put((byte) 0).putInt(contig.lengthBp());
    }
    return out.array();
  }

  /** Reads what {@link #encode} wrote and leaves {@code in} at the first record. */
  static BamHeader decode(ByteBuffer in) {
    byte[] magic = new byte[4];
    in.get(magic);
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw new IllegalArgumentException("not a BAM stream: it does not begin with BAM\\1");
    }
    byte[] text = new byte[in.getInt()];
    in.get(text);
    int count = in.getInt();
    List<Contig> contigs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] name = new byte[in.getInt()];
      in.get(name);
      String spelt = new String(name, 0, name.length - 1, StandardCharsets.UTF_8);
      contigs.add(new Contig(i, spelt, in.getInt()));
    }
    return of(text, contigs);
  }
}
