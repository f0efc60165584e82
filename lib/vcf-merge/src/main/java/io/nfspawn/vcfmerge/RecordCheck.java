package io.nfspawn.vcfmerge;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks the records of one chunk in order: columns, contig, order, core. One thread. */
final class RecordCheck {
  private final String source;
  private final Dictionary dictionary;
  private final @Nullable Interval core;
  private final int columns;
  private final VcfRecord record = new VcfRecord();
  private byte[] contigBytes = {};
  private String contig = "";
  private int rank = -1;
  private long pos;
  private long count;
  private @Nullable Locus first;

  RecordCheck(String source, Dictionary dictionary, @Nullable Interval core, int columns) {
    this.source = source;
    this.dictionary = dictionary;
    this.core = core;
    this.columns = columns;
  }

  /** Checks all lines in {@code buffer[from, to)}. */
  void lines(byte[] buffer, int from, int to) throws InvalidChunkException {
    int start = from;
    while (start < to) {
      int newline = start;
      while (buffer[newline] != '\n') {
        newline++;
      }
      line(buffer, start, newline);
      start = newline + 1;
    }
  }

  long count() {
    return count;
  }

  @Nullable Locus first() {
    return first;
  }

  @Nullable Locus last() {
    return first == null ? null : new Locus(contig, pos);
  }

  private void line(byte[] buffer, int from, int to) throws InvalidChunkException {
    count++;
    String problem = record.parse(buffer, from, to);
    if (problem != null) {
      throw invalid(problem);
    }
    if (record.columns() != columns) {
      throw invalid("has " + record.columns() + " columns, the header " + columns);
    }
    if (!record.isOn(contigBytes)) {
      nextContig();
    } else if (record.pos() < pos) {
      throw notSorted(contig);
    }
    pos = record.pos();
    if (first == null) {
      first = new Locus(contig, pos);
    }
    if (core != null && !core.contains(contig, record.start())) {
      throw invalid("at " + contig + ":" + pos + " lies outside the chunk's core " + core);
    }
  }

  private void nextContig() throws InvalidChunkException {
    byte[] nextBytes = record.contigBytes();
    String next = new String(nextBytes, StandardCharsets.UTF_8);
    int nextRank = dictionary.rank(next);
    if (nextRank < 0) {
      throw invalid("names contig '" + next + "', which the sequence dictionary does not have");
    }
    if (nextRank < rank) {
      throw notSorted(next);
    }
    contigBytes = nextBytes;
    contig = next;
    rank = nextRank;
  }

  private InvalidChunkException notSorted(String on) {
    return invalid(
        "at %s:%d comes after %s:%d: not sorted; use bcftools sort"
            .formatted(on, record.pos(), contig, pos));
  }

  private InvalidChunkException invalid(String problem) {
    return new InvalidChunkException(source, "record " + count + " " + problem);
  }
}
