package io.nfspawn.bams3.column;

import java.util.Arrays;

/**
 * The fixed fields of a page's records, one array each, and their CIGAR operations in one array.
 * The encoder fills it from records, the decoder from columns; everything that is derived is
 * derived from here, so both sides derive the same.
 */
final class PageTable {
  /** M, I, D, N, S, H, P, =, X: which consume query, which reference bases, as bits by code. */
  static final int QUERY = 1 | 1 << 1 | 1 << 4 | 1 << 7 | 1 << 8;

  static final int REFERENCE = 1 | 1 << 2 | 1 << 3 | 1 << 7 | 1 << 8;
  static final int ALIGNED = 1 | 1 << 7 | 1 << 8;
  static final int INSERTION = 1;
  static final int DELETION = 2;
  static final int SKIP = 3;
  static final int SOFT_CLIP = 4;
  static final int LAST_OPERATION = 8;

  static final int NO_MATE = 0;
  static final int PARTNER = 1;
  static final int EXPLICIT = 2;

  int records;

  /** Where each record starts in the page's bytes. */
  int[] start = {};

  int[] flag = {};
  int[] mapq = {};
  int[] contig = {};
  int[] pos = {};
  int[] length = {};
  int[] mateContig = {};
  int[] matePos = {};
  int[] templateLength = {};
  int[] bin = {};
  int[] nameBytes = {};
  int[] tagsAt = {};

  /** First operation in {@link #ops}; that of the record after the last is the end. */
  int[] opStart = {};

  int[] ops = new int[1 << 12];

  /** Reference bases of the stored CIGAR; 0 when unmapped. */
  int[] span = {};

  int[] link = {};
  int[] kind = {};

  /** Index of the partner, or -1. */
  int[] partner = {};

  /** 0 against the reference, 1 literal. */
  int[] mode = {};

  /** First difference of each record in the list of all differences, as {@link #opStart}. */
  int[] diffStart = {};

  /** Room for the values of one column. */
  int[] scratch = {};

  void clear(int count) {
    resize(count);
    Arrays.fill(partner, 0, count, -1);
  }

  /** Room for records; what is in the arrays is of the page before. */
  void resize(int count) {
    records = count;
    if (start.length < count + 1) {
      int room = Math.max(2048, count) + 1;
      start = new int[room];
      flag = new int[room];
      mapq = new int[room];
      contig = new int[room];
      pos = new int[room];
      length = new int[room];
      mateContig = new int[room];
      matePos = new int[room];
      templateLength = new int[room];
      bin = new int[room];
      nameBytes = new int[room];
      tagsAt = new int[room];
      opStart = new int[room];
      span = new int[room];
      link = new int[room];
      kind = new int[room];
      partner = new int[room];
      mode = new int[room];
      diffStart = new int[room];
      scratch = new int[room];
    }
  }

  void reserveOps(int count) {
    if (ops.length < count) {
      ops = Arrays.copyOf(ops, Math.max(count, 2 * ops.length));
    }
  }

  int opCount(int record) {
    return opStart[record + 1] - opStart[record];
  }

  /** Whether the CIGAR is one M over the whole read. */
  boolean isPlain(int record) {
    int first = opStart[record];
    return opStart[record + 1] - first == 1 && ops[first] == length[record] << 4;
  }

  /** Reference bases of the stored CIGAR, whatever the flag. */
  static int referenceBases(int[] ops, int from, int to) {
    long bases = 0;
    for (int i = from; i < to; i++) {
      if (((REFERENCE >> (ops[i] & 0xf)) & 1) != 0) {
        bases += ops[i] >>> 4;
      }
    }
    return (int) Math.min(Integer.MAX_VALUE, bases);
  }

  void computeSpan(int record) {
    span[record] =
        (flag[record] & 4) != 0 ? 0 : referenceBases(ops, opStart[record], opStart[record + 1]);
  }

  /** Predicted tlen; kind, partner and mate fields must be known. */
  int predictTemplateLength(int record) {
    int mate = partner[record];
    if (kind[record] == NO_MATE
        || mateContig[record] != contig[record]
        || (flag[record] & 4) != 0
        || (mate >= 0 ? flag[mate] & 4 : flag[record] & 8) != 0) {
      return 0;
    }
    int s = pos[record];
    int m = matePos[record];
    int e = s + span[record];
    int n = m + (mate >= 0 ? span[mate] : span[record]);
    int size = Math.max(e, n) - Math.min(s, m);
    return s > m || (s == m && (flag[record] & 0x80) != 0) ? -size : size;
  }

  /** What the field bin should be. */
  int computeBin(int record) {
    int beg = pos[record];
    int end = beg + Math.max(1, span[record]) - 1;
    for (int level = 14, offset = 4681; level <= 26; level += 3) {
      if (beg >> level == end >> level) {
        return (offset + (beg >> level)) & 0xffff;
      }
      offset = (offset - 1) >> 3;
    }
    return 0;
  }
}
