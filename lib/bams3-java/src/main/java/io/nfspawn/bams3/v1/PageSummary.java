package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.RecordView;
import java.util.Arrays;

/**
 * What a directory says of a page's records. Those that reach far beyond the others are kept apart
 * as outliers, so that one giant skip does not make every query read the page.
 */
final class PageSummary {
  /** Records that span no more than this are never outliers. */
  private static final int ORDINARY_SPAN_BP = 1 << 14;

  private static final int MAX_OUTLIERS = 64;

  int minStart0 = Integer.MAX_VALUE;
  int maxEnd0;
  int maxSpanBp;
  int flagOr;
  int flagAnd = 0xffff;
  int mapped;
  int duplicates;
  int qcFail;
  long bases;

  /** End and place of each far-reaching record: end << 32 | place in starts and spans. */
  private long[] far = new long[16];

  private int[] farStart = new int[16];
  private int[] farSpan = new int[16];
  private int farCount;

  void add(RecordView record) {
    int flag = record.flag();
    flagOr |= flag;
    flagAnd &= flag;
    mapped += (flag & RecordView.UNMAPPED) == 0 ? 1 : 0;
    duplicates += (flag & RecordView.DUPLICATE) != 0 ? 1 : 0;
    qcFail += (flag & RecordView.QC_FAIL) != 0 ? 1 : 0;
    bases += record.readLengthBp();
    int start = Math.max(0, record.start0());
    int span = Math.max(1, record.referenceSpanBp());
    int end = endOf(start, span);
    minStart0 = Math.min(minStart0, start);
    maxSpanBp = Math.max(maxSpanBp, span);
    if (span > ORDINARY_SPAN_BP) {
      addFar(start, span, end);
    } else {
      maxEnd0 = Math.max(maxEnd0, end);
    }
  }

  static int endOf(int start0, int spanBp) {
    return (int) Math.min(Integer.MAX_VALUE, (long) start0 + spanBp);
  }

  private void addFar(int start, int span, int end) {
    if (farCount == far.length) {
      far = Arrays.copyOf(far, 2 * farCount);
      farStart = Arrays.copyOf(farStart, 2 * farCount);
      farSpan = Arrays.copyOf(farSpan, 2 * farCount);
    }
    farStart[farCount] = start;
    farSpan[farCount] = span;
    far[farCount] = (long) end << 32 | farCount;
    farCount++;
  }

  /** The outliers, in the order of the records: start and span of each. */
  int[] outliers() {
    Arrays.sort(far, 0, farCount);
    int ordinary = Math.max(0, farCount - MAX_OUTLIERS);
    for (int i = 0; i < ordinary; i++) {
      maxEnd0 = Math.max(maxEnd0, (int) (far[i] >>> 32));
    }
    int count = farCount - ordinary;
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = (int) far[ordinary + i];
    }
    Arrays.sort(places);
    int[] outliers = new int[2 * count];
    for (int i = 0; i < count; i++) {
      outliers[2 * i] = farStart[places[i]];
      outliers[2 * i + 1] = farSpan[places[i]];
    }
    return outliers;
  }
}
