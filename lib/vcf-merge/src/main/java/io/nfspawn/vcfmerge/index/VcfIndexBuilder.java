package io.nfspawn.vcfmerge.index;

import io.nfspawn.vcfmerge.Contig;
import io.nfspawn.vcfmerge.IndexFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Collects an index while records are written; the same content as htslib's {@code tabix -p vcf}
 * (TBI) and {@code bcftools index -c} (CSI) make of the same file, bins in ascending order. One
 * thread.
 */
public final class VcfIndexBuilder {
  private final IndexFormat format;
  private final BinScheme scheme;
  private final List<ContigIndex> contigs = new ArrayList<>();
  private @Nullable ContigIndex current;
  private long lastPosition;
  private int runBin;
  private long runStart;

  /**
   * @param dictionary decides the depth of CSI
   * @param firstRecord position of the writer after the header
   */
  public VcfIndexBuilder(IndexFormat format, List<Contig> dictionary, long firstRecord) {
    this.format = format;
    this.scheme =
        switch (format) {
          case TBI -> BinScheme.TBI;
          case CSI ->
              BinScheme.csiFor(dictionary.stream().mapToLong(Contig::length).max().orElse(0));
        };
    this.lastPosition = firstRecord;
  }

  /** End of the last base that this index can address. */
  public long maxPosition() {
    return scheme.maxPosition();
  }

  /**
   * Adds the record that was just written; contigs come in blocks, sorted by start.
   *
   * @param start 0-based
   * @param end exclusive, after {@code start}
   * @param position of the writer after the record
   */
  public void add(String contig, long start, long end, long position) {
    ContigIndex index = current;
    if (index == null || !index.name.equals(contig)) {
      endContig();
      index = new ContigIndex(contig, scheme, lastPosition);
      contigs.add(index);
      current = index;
      runBin = -1;
    }
    index.addToWindows(start, end, lastPosition);
    int bin = scheme.bin(start, end);
    if (bin != runBin) {
      endRun(index);
      runBin = bin;
      runStart = lastPosition;
    }
    index.records++;
    lastPosition = position;
  }

  /**
   * Bytes of the index file, not compressed.
   *
   * @param end position of the writer after its last block: as for htslib, which has read to the
   *     end of the file by then, the last record ends there
   * @param virtualOffset translates positions of the writer
   */
  public byte[] finish(long end, LongUnaryOperator virtualOffset) {
    lastPosition = end;
    endContig();
    contigs.forEach(c -> c.complete(virtualOffset));
    boolean csiOfNothing = format == IndexFormat.CSI && contigs.isEmpty();
    BinScheme used = csiOfNothing ? BinScheme.csiWithoutRecords() : scheme;
    return new IndexFile(format, used, contigs).bytes();
  }

  private void endRun(ContigIndex index) {
    if (runBin >= 0) {
      index.addRange(runBin, runStart, lastPosition);
    }
  }

  private void endContig() {
    if (current != null) {
      endRun(current);
      current.fileEnd = lastPosition;
    }
  }
}
