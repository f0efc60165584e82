package io.nfspawn.bams3.column;

import htsjdk.samtools.SAMException;
import htsjdk.samtools.reference.BlockCompressedIndexedFastaSequenceFile;
import htsjdk.samtools.reference.FastaSequenceIndex;
import htsjdk.samtools.reference.FastaSequenceIndexCreator;
import htsjdk.samtools.reference.IndexedFastaSequenceFile;
import htsjdk.samtools.reference.ReferenceSequenceFile;
import htsjdk.samtools.reference.ReferenceSequenceFileFactory;
import htsjdk.samtools.util.GZIIndex;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bases of a FASTA file, plain or compressed by bgzip. Contigs that it lacks, or has in another
 * length, are unknown: of those no base is given. The caller closes it.
 */
public final class FastaReference implements ReferenceBases {
  private static final Logger LOG = LoggerFactory.getLogger(FastaReference.class);

  private final Path file;
  private final ReferenceSequenceFile fasta;
  private final List<Contig> contigs;
  private final boolean[] known;

  private FastaReference(
      Path file, ReferenceSequenceFile fasta, List<Contig> contigs, boolean[] known) {
    this.file = file;
    this.fasta = fasta;
    this.contigs = contigs;
    this.known = known;
  }

  /**
   * Opens a file by its index, or, where a plain file has none, after reading it once.
   *
   * @param contigs the dictionary of the records
   * @throws InputException when it cannot be read, or has none of the contigs
   */
  public static FastaReference open(Path file, List<Contig> contigs) throws IOException {
    if (!Files.isReadable(file)) {
      throw new InputException(file.toString(), "there is no such reference; check --reference");
    }
    try {
      FastaSequenceIndex index = index(file);
      boolean[] known = known(file, index, contigs);
      ReferenceSequenceFile fasta =
          isCompressed(file)
              ? new BlockCompressedIndexedFastaSequenceFile(file, index)
              : new IndexedFastaSequenceFile(file, index);
      return new FastaReference(file, fasta, contigs, known);
    } catch (SAMException | IllegalArgumentException e) {
      throw new InputException(
          file.toString(),
          "cannot be read as FASTA: %s; check --reference".formatted(e.getMessage()),
          e);
    }
  }

  private static boolean isCompressed(Path file) {
    return file.toString().endsWith(".gz");
  }

  private static FastaSequenceIndex index(Path file) throws IOException {
    Path index = ReferenceSequenceFileFactory.getFastaIndexFileName(file);
    if (isCompressed(file)
        && !(Files.exists(index) && Files.exists(GZIIndex.resolveIndexNameForBgzipFile(file)))) {
      throw new InputException(
          file.toString(), "is compressed and has no index; run samtools faidx on it");
    }
    return Files.exists(index)
        ? new FastaSequenceIndex(index)
        : FastaSequenceIndexCreator.buildFromFasta(file);
  }

  private static boolean[] known(Path file, FastaSequenceIndex index, List<Contig> contigs)
      throws InputException {
    boolean[] known = new boolean[contigs.size()];
    int count = 0;
    for (int i = 0; i < known.length; i++) {
      Contig contig = contigs.get(i);
      known[i] =
          index.hasIndexEntry(contig.name())
              && index.getIndexEntry(contig.name()).getSize() == contig.lengthBp();
      count += known[i] ? 1 : 0;
    }
    if (count == 0 && known.length > 0) {
      throw new InputException(
          file.toString(),
          "has no contig with name and length of one in the header, such as %s of %d bases; give the reference that the reads were aligned to"
              .formatted(contigs.get(0).name(), contigs.get(0).lengthBp()));
    }
    if (count < known.length) {
      LOG.warn("event=reference.partial file={} contigs={} of={}", file, count, known.length);
    }
    return known;
  }

  @Override
  public synchronized void read(int contig, int start0, int lengthBp, byte[] nibbles, int at)
      throws IOException {
    if (contig < 0 || contig >= known.length || !known[contig]) {
      return;
    }
    Contig wanted = contigs.get(contig);
    int end0 = (int) Math.min(wanted.lengthBp(), (long) start0 + lengthBp);
    if (start0 >= end0) {
      return;
    }
    byte[] bases;
    try {
      bases = fasta.getSubsequenceAt(wanted.name(), start0 + 1L, end0).getBases();
    } catch (SAMException e) {
      throw new InputException(
          file.toString(), "could not be read: %s; check the file".formatted(e.getMessage()), e);
    }
    for (int i = 0; i < bases.length; i++) {
      int nibble = Nibbles.ofLetter(bases[i]);
      if (nibble != 0 && nibble != Nibbles.UNKNOWN) {
        nibbles[at + i] = (byte) nibble;
      }
    }
  }

  @Override
  public void close() throws IOException {
    fasta.close();
  }
}
