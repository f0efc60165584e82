package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.RecordView;

/** Least start, greatest end and greatest span of records; positions that are absent count as 0. */
final class PageExtent {
  private int minStart0 = Integer.MAX_VALUE;
  private int maxEnd0;
  private int maxSpanBp;

  void add(RecordView record) {
    int start = Math.max(0, record.start0());
    int span = Math.max(1, record.referenceSpanBp());
    minStart0 = Math.min(minStart0, start);
    maxEnd0 = (int) Math.max(maxEnd0, Math.min(Integer.MAX_VALUE, (long) start + span));
    maxSpanBp = Math.max(maxSpanBp, span);
  }

  void add(PageRow row) {
    minStart0 = Math.min(minStart0, row.minStart0());
    maxEnd0 = Math.max(maxEnd0, row.maxEnd0());
    maxSpanBp = Math.max(maxSpanBp, row.maxSpanBp());
  }

  int minStart0() {
    return minStart0 == Integer.MAX_VALUE ? 0 : minStart0;
  }

  int maxEnd0() {
    return maxEnd0;
  }

  int maxSpanBp() {
    return maxSpanBp;
  }
}
