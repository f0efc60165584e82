package io.nfspawn.bams3.simulate;

import org.jspecify.annotations.Nullable;

/**
 * Gives a read the alignment that bwa would find for it, from the place it was drawn from: the
 * haplotype's own gaps, except that an end too short to pay for a gap is aligned without it, and an
 * end that scores badly is soft-clipped.
 *
 * <p>Keeps its work arrays: one a thread.
 */
final class Aligner {
  /**
   * What an alignment is worth.
   *
   * @param clip what an end must lose to be clipped
   * @param least of an alignment that is reported
   */
  record Scores(int match, int mismatch, int gapOpen, int gapExtend, int clip, int least) {
    /** The defaults of bwa mem. */
    static final Scores MEM = new Scores(1, -4, -6, -1, 5, 30);

    /** Costs of bwa aln, from end to end: a gap must spare four mismatches. */
    static final Scores ALN = new Scores(0, -3, -7, -4, 0, 0);

    /** By which bwa sampe looks for a read near its mate; some 27 bases alike at least. */
    static final Scores SAMPE = new Scores(11, -19, -26, -9, 0, 300);
  }

  private Scores scores = Scores.MEM;

  /** The bases that take part: others are clipped whatever they are. */
  private int begin;

  private int end;

  /** Reference position of each base; for an inserted base the complement of its anchor's. */
  private final int[] placed;

  Aligner(int readLengthBp) {
    placed = new int[readLengthBp];
  }

  /** The array to put the read's places into before {@link #align}. */
  int[] places() {
    return placed;
  }

  /** Null when too little of the read is like the reference for an aligner to report it. */
  @Nullable Alignment align(ReferenceContig contig, byte[] bases) {
    return align(contig, bases, 0, bases.length, Scores.MEM);
  }

  /** The same for a part of the read. */
  @Nullable Alignment align(ReferenceContig contig, byte[] bases, int from, int to, Scores by) {
    scores = by;
    straighten(contig, bases, from, to);
    return trim(contig, bases);
  }

  /** From end to end of a part of the read, however badly that scores. */
  Alignment alignWhole(ReferenceContig contig, byte[] bases, int from, int to) {
    scores = Scores.ALN;
    straighten(contig, bases, from, to);
    return describe(contig, bases, from, to, score(contig, bases, from, to));
  }

  private void straighten(ReferenceContig contig, byte[] bases, int from, int to) {
    begin = from;
    end = to;
    straightenHead(contig, bases);
    straightenTail(contig, bases);
  }

  private boolean continues(int i) {
    return i > 0 && placed[i] >= 0 && placed[i] == placed[i - 1] + 1;
  }

  /** Aligns all up to the end of the first gap as if there were none, where that scores as well. */
  private void straightenHead(ReferenceContig contig, byte[] bases) {
    int gap = placed[begin] < 0 ? begin : begin + 1;
    while (gap > begin && gap < end && continues(gap)) {
      gap++;
    }
    int after = gap;
    while (after < end && placed[after] < 0) {
      after++;
    }
    if (after == end) {
      return;
    }
    int shift = placed[after] - after;
    int gapped = score(contig, bases, begin, after) + gapScore(after);
    if (gap == begin || straightScore(contig, bases, begin, after, shift) >= gapped) {
      straighten(begin, after, shift);
    }
  }

  private void straightenTail(ReferenceContig contig, byte[] bases) {
    int after = end;
    while (after > begin && placed[after - 1] >= 0 && (after == end || continues(after))) {
      after--;
    }
    int gap = after;
    while (gap > begin && placed[gap - 1] < 0) {
      gap--;
    }
    if (gap == begin) {
      return;
    }
    int shift = placed[gap - 1] - (gap - 1);
    int gapped = score(contig, bases, gap, end);
    boolean endsInserted = after == end && gap < end;
    if (endsInserted || straightScore(contig, bases, gap, end, shift) >= gapped) {
      straighten(gap, end, shift);
    }
  }

  private void straighten(int from, int to, int shift) {
    for (int i = from; i < to; i++) {
      placed[i] = i + shift;
    }
  }

  private int straightScore(ReferenceContig contig, byte[] bases, int from, int to, int shift) {
    int score = 0;
    for (int i = from; i < to; i++) {
      score += bases[i] == contig.baseAt(i + shift) ? scores.match() : scores.mismatch();
    }
    return score;
  }

  private int score(ReferenceContig contig, byte[] bases, int from, int to) {
    int score = 0;
    for (int i = from; i < to; i++) {
      score += gapScore(i) + baseScore(contig, bases, i);
    }
    return score;
  }

  private int baseScore(ReferenceContig contig, byte[] bases, int i) {
    if (placed[i] < 0) {
      return 0;
    }
    return bases[i] == contig.baseAt(placed[i]) ? scores.match() : scores.mismatch();
  }

  /** What a gap costs that begins or goes on at this base. */
  private int gapScore(int i) {
    if (i == begin || continues(i)) {
      return 0;
    }
    if (placed[i] < 0) {
      return placed[i - 1] < 0 ? scores.gapExtend() : scores.gapOpen() + scores.gapExtend();
    }
    int deletedBp = placed[i] - anchorOf(i - 1) - 1;
    return deletedBp == 0 ? 0 : scores.gapOpen() + scores.gapExtend() * deletedBp;
  }

  private int anchorOf(int i) {
    return placed[i] < 0 ? ~placed[i] : placed[i];
  }

  /** Finds the best-scoring stretch; an end is kept whole if clipping gains less than its price. */
  private @Nullable Alignment trim(ReferenceContig contig, byte[] bases) {
    int best = 0;
    int from = begin;
    int to = begin;
    int running = 0;
    int candidate = begin;
    for (int i = begin; i < end; i++) {
      running += gapScore(i);
      if (running <= 0) {
        running = 0;
        candidate = i;
      }
      running += baseScore(contig, bases, i);
      if (running > best) {
        best = running;
        from = candidate;
        to = i + 1;
      }
    }
    int head = from == begin ? 0 : score(contig, bases, begin, from) + gapScore(from);
    if (head > -scores.clip()) {
      from = begin;
      best += head;
    }
    int tail = to == end ? 0 : score(contig, bases, to, end);
    if (tail > -scores.clip()) {
      to = end;
      best += tail;
    }
    return best < scores.least() ? null : describe(contig, bases, from, to, best);
  }

  private Alignment describe(ReferenceContig contig, byte[] bases, int from, int to, int score) {
    AlignmentText text = new AlignmentText();
    text.clip(from);
    for (int i = from; i < to; i++) {
      if (placed[i] < 0) {
        text.insert();
        continue;
      }
      if (i > from) {
        for (int p = anchorOf(i - 1) + 1; p < placed[i]; p++) {
          text.delete(contig.baseAt(p));
        }
      }
      text.align(bases[i], contig.baseAt(placed[i]));
    }
    text.clip(bases.length - to);
    return new Alignment(
        contig,
        placed[from],
        placed[to - 1] + 1,
        text.cigar(),
        text.md(),
        text.editDistance(),
        score);
  }
}
