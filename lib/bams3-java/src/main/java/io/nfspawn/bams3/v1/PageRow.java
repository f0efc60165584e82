package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.codec.ByteSink;
import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;
import io.nfspawn.bams3.column.PageShape;
import java.util.Arrays;

/**
 * One row of a chunk's directory: uvarints, but for the header's CRC.
 *
 * <pre>
 * stored bytes · header bytes · core bytes · header CRC u32 · records · raw bytes · min start
 * max end - min start · max span · flag or · flag and · mapped · duplicates · QC fail · bases
 * outliers · { start - min start · span } × outliers
 * </pre>
 */
final class PageRow {
  private static final int MAX_OUTLIERS = 256;

  private final PageShape shape;
  private final long offset;
  private final PageSummary summary;

  /** Start and span of each outlier. */
  private final int[] outliers;

  private final int farthestEnd0;

  private PageRow(PageShape shape, long offset, PageSummary summary, int[] outliers) {
    this.shape = shape;
    this.offset = offset;
    this.summary = summary;
    this.outliers = outliers;
    int farthest = summary.maxEnd0;
    for (int i = 0; i < outliers.length; i += 2) {
      farthest = Math.max(farthest, PageSummary.endOf(outliers[i], outliers[i + 1]));
    }
    this.farthestEnd0 = farthest;
  }

  /** A page of records that were summed up. */
  static PageRow of(PageShape shape, PageSummary summary) {
    int[] outliers = summary.outliers();
    summary.maxEnd0 = Math.max(summary.maxEnd0, summary.minStart0);
    return new PageRow(shape, 0, summary, outliers);
  }

  PageRow at(long newOffset) {
    return new PageRow(shape, newOffset, summary, outliers);
  }

  PageShape shape() {
    return shape;
  }

  /** Where the page starts in the object. */
  long offset() {
    return offset;
  }

  int storedBytes() {
    return shape.storedBytes();
  }

  int rawBytes() {
    return shape.rawBytes();
  }

  int records() {
    return shape.records();
  }

  int minStart0() {
    return summary.minStart0;
  }

  /** Greatest end of all records, outliers too. */
  int farthestEnd0() {
    return farthestEnd0;
  }

  int maxSpanBp() {
    return summary.maxSpanBp;
  }

  int flagOr() {
    return summary.flagOr;
  }

  int flagAnd() {
    return summary.flagAnd;
  }

  /** Whether a selection may want any of the page's records. */
  boolean mayTouch(Selection selection, int contig) {
    if (selection.mayTouch(contig, summary.minStart0, summary.maxEnd0)) {
      return true;
    }
    for (int i = 0; i < outliers.length; i += 2) {
      int end = PageSummary.endOf(outliers[i], outliers[i + 1]);
      if (selection.mayTouch(contig, outliers[i], end)) {
        return true;
      }
    }
    return false;
  }

  boolean sameRecords(PageRow other) {
    PageSummary a = summary;
    PageSummary b = other.summary;
    return a.minStart0 == b.minStart0
        && a.maxEnd0 == b.maxEnd0
        && a.maxSpanBp == b.maxSpanBp
        && a.flagOr == b.flagOr
        && a.flagAnd == b.flagAnd
        && a.mapped == b.mapped
        && a.duplicates == b.duplicates
        && a.qcFail == b.qcFail
        && a.bases == b.bases
        && Arrays.equals(outliers, other.outliers);
  }

  void write(ByteSink out) {
    out.putUnsigned(shape.storedBytes());
    out.putUnsigned(shape.headerBytes());
    out.putUnsigned(shape.coreBytes());
    out.putInt32(shape.headerCrc());
    out.putUnsigned(shape.records());
    out.putUnsigned(shape.rawBytes());
    out.putUnsigned(summary.minStart0);
    out.putUnsigned(summary.maxEnd0 - summary.minStart0);
    out.putUnsigned(summary.maxSpanBp);
    out.putUnsigned(summary.flagOr);
    out.putUnsigned(summary.flagAnd);
    out.putUnsigned(summary.mapped);
    out.putUnsigned(summary.duplicates);
    out.putUnsigned(summary.qcFail);
    out.putUnsigned(summary.bases);
    out.putUnsigned(outliers.length / 2);
    for (int i = 0; i < outliers.length; i += 2) {
      out.putUnsigned(outliers[i] - summary.minStart0);
      out.putUnsigned(outliers[i + 1]);
    }
  }

  static PageRow read(ByteSource in, long offset) throws CodecException {
    int storedBytes = in.nextCount();
    int headerBytes = in.nextCount();
    int coreBytes = in.nextCount();
    int headerCrc = in.nextInt32();
    int records = in.nextCount();
    int rawBytes = in.nextCount();
    boolean sound =
        records >= 1
            && records <= ChunkFormat.MAX_PAGE_RECORDS
            && rawBytes
                <= (records > 1 ? ChunkFormat.MAX_PAGE_RAW_BYTES : ChunkFormat.MAX_RAW_BYTES)
            && headerBytes <= coreBytes
            && coreBytes <= storedBytes;
    if (!sound) {
      throw new CodecException(
          "has a page of %d records in %d bytes, stored as %d"
              .formatted(records, rawBytes, storedBytes));
    }
    PageSummary summary = new PageSummary();
    summary.minStart0 = in.nextCount();
    summary.maxEnd0 = PageSummary.endOf(summary.minStart0, in.nextCount());
    summary.maxSpanBp = in.nextCount();
    summary.flagOr = in.nextCount();
    summary.flagAnd = in.nextCount();
    summary.mapped = in.nextCount();
    summary.duplicates = in.nextCount();
    summary.qcFail = in.nextCount();
    summary.bases = in.nextUnsigned64();
    int count = in.nextCount();
    if (count > MAX_OUTLIERS) {
      throw new CodecException("has a page with %d outliers".formatted(count));
    }
    int[] outliers = new int[2 * count];
    for (int i = 0; i < 2 * count; i += 2) {
      outliers[i] = PageSummary.endOf(summary.minStart0, in.nextCount());
      outliers[i + 1] = in.nextCount();
    }
    PageShape shape =
        new PageShape(storedBytes, headerBytes, coreBytes, headerCrc, records, rawBytes);
    return new PageRow(shape, offset, summary, outliers);
  }
}
