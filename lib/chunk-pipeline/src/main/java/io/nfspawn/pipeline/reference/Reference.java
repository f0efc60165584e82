package io.nfspawn.pipeline.reference;

import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;

/**
 * An indexed reference genome: a FASTA file, plain or BGZF, with its {@code .fai} (and {@code
 * .gzi}). Thread-safe; the caller closes it.
 */
public final class Reference implements AutoCloseable {
  private final Path fasta;
  private final FastaIndex index;
  private final BgzfBytes bytes;

  private Reference(Path fasta, FastaIndex index, BgzfBytes bytes) {
    this.fasta = fasta;
    this.index = index;
    this.bytes = bytes;
  }

  /**
   * Opens a reference. An index that is missing is made by {@code samtools faidx}: beside the file,
   * or, where that directory cannot be written, in {@code scratch} beside a link to the file.
   *
   * @throws PipelineException when there is no such file, when it is compressed but not by bgzip,
   *     or when its index cannot be made or read
   */
  public static Reference open(Path fasta, Scratch scratch) {
    if (!Files.isRegularFile(fasta) || !Files.isReadable(fasta)) {
      throw new PipelineException(
          "reference "
              + fasta
              + (Files.exists(fasta) ? " cannot be read" : " does not exist")
              + "; give an indexed FASTA file with --reference");
    }
    try {
      boolean bgzf = isCompressed(fasta);
      Path indexed = ReferenceIndexing.indexed(fasta, bgzf, scratch);
      FastaIndex index = FastaIndex.read(ReferenceIndexing.fai(indexed));
      BgzfBytes bytes =
          bgzf ? BgzfBytes.bgzf(indexed, ReferenceIndexing.gzi(indexed)) : BgzfBytes.plain(indexed);
      return new Reference(indexed, index, bytes);
    } catch (IOException e) {
      throw new PipelineException("reference " + fasta + " cannot be read: " + e, e);
    }
  }

  /** The file to give to a caller: its index lies beside it. */
  public Path fasta() {
    return fasta;
  }

  /**
   * The same bases as plain FASTA with an index beside it: the file itself, or a copy in {@code
   * scratch} when it is BGZF.
   *
   * @throws PipelineException when there is no room for the copy
   */
  public Path plainFasta(Scratch scratch) {
    if (!bytes.isCompressed()) {
      return fasta;
    }
    Path plain = scratch.newDirectory().resolve("reference.fa");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(fasta), 1 << 16)) {
      Files.copy(in, plain);
      Files.write(ReferenceIndexing.fai(plain), indexBytes());
    } catch (IOException e) {
      throw new PipelineException(
          "reference "
              + fasta
              + " cannot be unpacked to "
              + plain
              + " for the caller ("
              + e
              + "); free space there, or give --reference uncompressed",
          e);
    }
    return plain;
  }

  /** Where the file lies once links are followed: the same name on every run. */
  public Path realPath() throws IOException {
    return fasta.toRealPath();
  }

  public long sizeBytes() throws IOException {
    return Files.size(fasta);
  }

  /** The {@code .fai}, byte for byte. */
  public byte[] indexBytes() throws IOException {
    return Files.readAllBytes(ReferenceIndexing.fai(fasta));
  }

  /** Length in bases of a contig; empty when the reference lacks it. */
  public OptionalInt lengthBp(String contig) {
    FastaIndex.Entry entry = index.contigs().get(contig);
    return entry == null ? OptionalInt.empty() : OptionalInt.of(entry.lengthBp());
  }

  /** Contigs and their lengths in bases, in the order of the file. */
  public Map<String, Integer> contigs() {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    index.contigs().forEach((name, entry) -> lengths.put(name, entry.lengthBp()));
    return lengths;
  }

  /**
   * Bases {@code start0} to {@code end0} (0-based, half-open) as the file spells them, case kept.
   *
   * @throws IOException when the file ends before, or is not sound
   */
  public byte[] bases(String contig, int start0, int end0) throws IOException {
    FastaIndex.Entry entry = index.contigs().get(contig);
    if (entry == null || start0 < 0 || end0 > entry.lengthBp() || end0 < start0) {
      throw new IllegalArgumentException(
          "contig=" + contig + " start0=" + start0 + " end0=" + end0 + " entry=" + entry);
    }
    byte[] result = new byte[end0 - start0];
    if (result.length == 0) {
      return result;
    }
    long first = entry.offsetOf(start0);
    byte[] lines;
    synchronized (bytes) {
      lines = bytes.read(first, Math.toIntExact(entry.offsetOf(end0 - 1) + 1 - first));
    }
    int at = 0;
    for (byte b : lines) {
      if (b > ' ') {
        result[at++] = b;
      }
    }
    if (at != result.length) {
      throw new IOException(
          fasta + " does not match its index at " + contig + ":" + (start0 + 1) + "-" + end0);
    }
    return result;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }

  /** Whether it is BGZF (SAM specification, section 4.1); plain gzip is an error. */
  private static boolean isCompressed(Path fasta) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(fasta)) {
      head = in.readNBytes(14);
    }
    boolean gzip = head.length > 2 && head[0] == 0x1f && head[1] == (byte) 0x8b;
    boolean bgzf =
        gzip && head.length == 14 && (head[3] & 4) != 0 && head[12] == 'B' && head[13] == 'C';
    if (gzip && !bgzf) {
      String name = String.valueOf(fasta.getFileName());
      String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
      throw new PipelineException(
          "reference "
              + fasta
              + " is gzipped but not BGZF, so it cannot be read at random; run: gunzip "
              + name
              + " && bgzip "
              + plain);
    }
    return bgzf;
  }
}
