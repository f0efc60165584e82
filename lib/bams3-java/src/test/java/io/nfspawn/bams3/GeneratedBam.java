package io.nfspawn.bams3;

import static io.nfspawn.bams3.RecordBytes.int16;
import static io.nfspawn.bams3.RecordBytes.int32;
import static io.nfspawn.bams3.RecordBytes.op;
import static io.nfspawn.bams3.RecordBytes.text;

import io.nfspawn.bams3.bam.BgzfOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** BAM files full of rare things, from a seed. */
public final class GeneratedBam {
  public static final List<String> CONTIGS =
      List.of("chr1", "HLA-A*01:01:01:01", "odd/name", "*star", "chr1:100-200", "empty", "chrM");
  public static final int CONTIG_BP = 300_000;

  private static final String[] ARRAY_TYPES = {"c", "C", "s", "S", "i", "I", "f"};

  private final Random random;
  private final List<byte[]> records = new ArrayList<>();

  public GeneratedBam(long seed) {
    this.random = new Random(seed);
  }

  /** The uncompressed head of a BAM with {@link #CONTIGS}. */
  public static byte[] header(String headerLine) {
    StringBuilder text = new StringBuilder(headerLine.isEmpty() ? "" : headerLine + "\n");
    for (String contig : CONTIGS) {
      text.append("@SQ\tSN:").append(contig).append("\tLN:").append(CONTIG_BP).append('\n');
    }
    text.append("@RG\tID:a\tSM:one\n@RG\tID:b\tSM:two\n@CO\tkeeps\ttabs and \u00e9\n");
    return header(text.toString(), CONTIGS);
  }

  public static byte[] header(String text, List<String> contigs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] textBytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(new byte[] {'B', 'A', 'M', 1});
    out.writeBytes(int32(textBytes.length));
    out.writeBytes(textBytes);
    out.writeBytes(int32(contigs.size()));
    for (String contig : contigs) {
      byte[] name = text(contig);
      out.writeBytes(int32(name.length));
      out.writeBytes(name);
      out.writeBytes(int32(CONTIG_BP));
    }
    return out.toByteArray();
  }

  public GeneratedBam addRecords(int count) {
    for (int i = 0; i < count; i++) {
      records.add(randomRecord(i).build());
    }
    return this;
  }

  public GeneratedBam add(byte[] record) {
    records.add(record);
    return this;
  }

  /** As samtools sort orders them: contig, then start; unplaced last. */
  public GeneratedBam sortByCoordinate() {
    records.sort(
        Comparator.comparing((byte[] r) -> LittleEndian.int32(r, 4), Integer::compareUnsigned)
            .thenComparing(r -> LittleEndian.int32(r, 8)));
    return this;
  }

  public List<byte[]> records() {
    return records;
  }

  public byte[] uncompressed(byte[] header) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header);
    records.forEach(out::writeBytes);
    return out.toByteArray();
  }

  public Path write(Path file, byte[] header) throws IOException {
    return writeBgzf(file, uncompressed(header));
  }

  public static Path writeBgzf(Path file, byte[] content) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        BgzfOutput bgzf = new BgzfOutput(out, 1)) {
      bgzf.write(content);
      bgzf.finish();
    }
    return file;
  }

  private RecordBytes randomRecord(int number) {
    RecordBytes record = new RecordBytes();
    record.name =
        switch (random.nextInt(20)) {
          case 0 -> "twin";
          case 1 -> "x".repeat(254);
          default -> "read:" + random.nextInt(1000) + ":" + number;
        };
    record.flag = random.nextInt(1 << 12);
    boolean unplaced = random.nextInt(12) == 0;
    boolean mapped = !unplaced && random.nextInt(8) != 0;
    record.flag = mapped ? record.flag & ~RecordView.UNMAPPED : record.flag | RecordView.UNMAPPED;
    if (!unplaced) {
      record.contig = random.nextInt(CONTIGS.size());
      record.contig = CONTIGS.get(record.contig).equals("empty") ? 0 : record.contig;
      record.start0 = random.nextInt(CONTIG_BP - 20_000);
      record.mapq = random.nextInt(256);
    }
    if (random.nextInt(4) != 0) {
      record.mateContig = random.nextBoolean() ? record.contig : random.nextInt(CONTIGS.size());
      record.mateStart0 = record.mateContig < 0 ? -1 : random.nextInt(CONTIG_BP);
    }
    record.templateLength = random.nextInt(2000) - 1000;
    int length = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(200);
    if (mapped) {
      length = cigar(record, length);
    }
    bases(record, length);
    for (int tag = random.nextInt(8); tag > 0; tag--) {
      randomTag(record, (char) ('a' + tag));
    }
    return record;
  }

  /** A CIGAR over all operations; returns the number of bases it needs. */
  private int cigar(RecordBytes record, int length) {
    if (random.nextInt(15) == 0) {
      return length; // mapped without a CIGAR
    }
    int matched = Math.max(1, length);
    int inserted = random.nextInt(5);
    int clipped = random.nextInt(5);
    record.cigar =
        new int[] {
          op(random.nextInt(9), 'H'),
          op(clipped, 'S'),
          op(matched, "M=X".charAt(random.nextInt(3))),
          op(inserted, 'I'),
          op(random.nextInt(30), 'D'),
          op(random.nextInt(20) == 0 ? random.nextInt(15_000) : 0, 'N'),
          op(1, 'P'),
          op(3, 'M')
        };
    return length == 0 ? 0 : clipped + matched + inserted + 3;
  }

  private void bases(RecordBytes record, int length) {
    record.bases = new byte[length];
    for (int i = 0; i < length; i++) {
      record.bases[i] = (byte) random.nextInt(16);
    }
    if (random.nextInt(5) != 0) {
      record.qualities = new byte[length];
      for (int i = 0; i < length; i++) {
        record.qualities[i] = (byte) random.nextInt(94);
      }
    }
  }

  private void randomTag(RecordBytes record, char first) {
    String name = "" + first + (char) ('A' + random.nextInt(26));
    switch (random.nextInt(11)) {
      case 0 -> record.tag(name + "A", new byte[] {(byte) ('!' + random.nextInt(90))});
      case 1 -> record.tag(name + "c", new byte[] {(byte) random.nextInt()});
      case 2 -> record.tag(name + "C", new byte[] {(byte) random.nextInt()});
      case 3 -> record.tag(name + "s", int16(random.nextInt()));
      case 4 -> record.tag(name + "S", int16(random.nextInt()));
      case 5 -> record.tag(name + "i", int32(random.nextInt()));
      case 6 -> record.tag(name + "I", int32(random.nextInt()));
      case 7 -> record.tag(name + "f", int32(randomFloat()));
      case 8 -> record.tag(name + "Z", text("text with spaces ".repeat(random.nextInt(3))));
      case 9 -> record.tag(name + "H", text("1AFF".repeat(random.nextInt(3))));
      default -> randomArray(record, name);
    }
  }

  private void randomArray(RecordBytes record, String name) {
    String type = ARRAY_TYPES[random.nextInt(ARRAY_TYPES.length)];
    int count = random.nextInt(5);
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.writeBytes(type.getBytes(StandardCharsets.ISO_8859_1));
    value.writeBytes(int32(count));
    int width = Tags.elementBytes((byte) type.charAt(0));
    for (int i = 0; i < count; i++) {
      int element = type.equals("f") ? randomFloat() : random.nextInt();
      value.writeBytes(Arrays.copyOf(int32(element), width));
    }
    record.tag(name + "B", value.toByteArray());
  }

  /** Bits of a float: any bits, everyday numbers, ties of rounding, powers of ten. */
  private int randomFloat() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt();
      case 1 -> Float.floatToRawIntBits(random.nextInt(2_000_000) / 2f);
      case 2 -> Float.floatToRawIntBits(random.nextInt(4_000_000) / 16384f);
      case 3 -> Float.floatToRawIntBits((float) Math.pow(10, random.nextInt(20) - 10));
      case 4 -> Float.floatToRawIntBits(-random.nextFloat());
      default -> Float.floatToRawIntBits((float) (random.nextGaussian() * 1000));
    };
  }

  /** A read of very many bases and more CIGAR operations than the field can count. */
  public static byte[] longCigarRecord(int contig, int start0, int operations) {
    RecordBytes record = new RecordBytes();
    record.name = "long-cigar-" + start0;
    record.contig = contig;
    record.start0 = start0;
    record.mapq = 60;
    ByteArrayOutputStream cigar = new ByteArrayOutputStream();
    cigar.writeBytes(new byte[] {'I'});
    cigar.writeBytes(int32(operations));
    int reference = 0;
    for (int i = 0; i < operations; i++) {
      boolean match = i % 2 == 0;
      cigar.writeBytes(int32(match ? op(1, 'M') : op(1, 'I')));
      reference += match ? 1 : 0;
    }
    record.bases = new byte[operations];
    Arrays.fill(record.bases, (byte) 4);
    record.cigar = new int[] {op(operations, 'S'), op(reference, 'N')};
    record.tag("NMC", new byte[] {5}).tag("CGB", cigar.toByteArray()).tag("RGZ", text("a"));
    return record.build();
  }
}
