package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.LittleEndian;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes the head of a BAM file of its text and contigs. Not thread-safe. */
public final class BamHeaderBuilder {
  private final ByteArrayOutputStream contigs = new ByteArrayOutputStream();
  private int count;

  /** Adds the next contig of the binary list. */
  public void addContig(String name, int lengthBp) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    contigs.writeBytes(int32(nameBytes.length + 1));
    contigs.writeBytes(nameBytes);
    contigs.write(0);
    contigs.writeBytes(int32(lengthBp));
    count++;
  }

  /** The head's bytes, as {@link BamHeader#parse} takes them. */
  public byte[] build(byte[] text) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes(new byte[] {'B', 'A', 'M', 1});
    head.writeBytes(int32(text.length));
    head.writeBytes(text);
    head.writeBytes(int32(count));
    head.writeBytes(contigs.toByteArray());
    return head.toByteArray();
  }

  private static byte[] int32(int value) {
    byte[] bytes = new byte[4];
    LittleEndian.putInt32(bytes, 0, value);
    return bytes;
  }
}
