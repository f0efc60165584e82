package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSink;
import java.util.Arrays;

/** Writes bases: against the reference where a record is aligned, else as they are. */
final class BaseWriter {
  private final ByteSink modes;
  private final ByteSink diffCounts;
  private final ByteSink diffGaps;
  private final ByteSink diffBases;
  private final ByteSink diffOdd;
  private final ByteSink segments;
  private final ByteSink pads;
  private final PackedBasesSink referenceBases;
  private final PackedBasesSink literals;
  private final EmbeddedReference reference;
  private final Differences differences;

  private byte[] bytes = {};
  private int seqAt;
  private int alignedBefore;
  private int lastAligned;

  BaseWriter(ColumnSinks sinks, EmbeddedReference reference, Differences differences) {
    this.reference = reference;
    this.differences = differences;
    modes = sinks.sink(Column.SEQ_MODE);
    diffCounts = sinks.sink(Column.DIFF_COUNT);
    diffGaps = sinks.sink(Column.DIFF_GAP);
    diffBases = sinks.sink(Column.DIFF_BASE);
    diffOdd = sinks.sink(Column.DIFF_ODD);
    segments = sinks.sink(Column.REF_SEGMENT);
    pads = sinks.sink(Column.SEQ_PAD);
    referenceBases = new PackedBasesSink(sinks.sink(Column.REF_BASE), sinks.sink(Column.REF_ODD));
    literals = new PackedBasesSink(sinks.sink(Column.LITERAL_BASE), sinks.sink(Column.LITERAL_ODD));
  }

  void write(PageTable table, byte[] records) {
    bytes = records;
    differences.clear();
    literals.clear();
    writeReference();
    int lastPad = 0;
    for (int i = 0; i < table.records; i++) {
      table.diffStart[i] = differences.count;
      modes.put(table.mode[i]);
      int length = table.length[i];
      seqAt = table.tagsAt[i] - length - (length + 1) / 2;
      if (table.mode[i] == 0) {
        writeAligned(table, i);
      } else {
        putLiterals(0, length);
      }
      if ((length & 1) != 0 && (bytes[seqAt + length / 2] & 0xf) != 0) {
        pads.putUnsigned(i - lastPad);
        pads.put(bytes[seqAt + length / 2] & 0xf);
        lastPad = i;
      }
    }
    table.diffStart[table.records] = differences.count;
    literals.finish();
  }

  private void writeReference() {
    int before = 0;
    for (int i = 0; i < reference.segments(); i++) {
      segments.putUnsigned(reference.segmentStart(i) - before);
      segments.putUnsigned(reference.segmentEnd(i) - reference.segmentStart(i));
      before = reference.segmentEnd(i);
    }
    byte[] nibbles = reference.nibbles();
    referenceBases.clear();
    for (int i = 0; i < reference.bases(); i++) {
      referenceBases.put(nibbles[i]);
    }
    referenceBases.finish();
  }

  private void writeAligned(PageTable table, int record) {
    int before = differences.count;
    lastAligned = -1;
    alignedBefore = 0;
    int query = 0;
    int pos = table.pos[record];
    for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++) {
      int code = table.ops[i] & 0xf;
      int length = table.ops[i] >>> 4;
      if (((PageTable.ALIGNED >> code) & 1) != 0) {
        if (length > 0) {
          compare(query, reference.indexOf(pos, (long) pos + length), length);
        }
        alignedBefore += length;
      } else if (code == PageTable.INSERTION || code == PageTable.SOFT_CLIP) {
        putLiterals(query, length);
      }
      pos += ((PageTable.REFERENCE >> code) & 1) * length;
      query += ((PageTable.QUERY >> code) & 1) * length;
    }
    diffCounts.putUnsigned(differences.count - before);
  }

  /** Compares a run: single bases up to a byte's border, then bytes, then a last base. */
  private void compare(int query, int index, int length) {
    int done = 0;
    if ((query & 1) != 0) {
      compareOne(query, index, 0);
      done = 1;
    }
    int pairs = (length - done) >> 1;
    byte[] packed = reference.packed(index + done);
    int readAt = seqAt + ((query + done) >> 1);
    int packedAt = (index + done + 1) >> 1;
    for (int pair = 0; pair < pairs; pair++) {
      int equal =
          Arrays.mismatch(
              bytes, readAt + pair, readAt + pairs, packed, packedAt + pair, packedAt + pairs);
      if (equal < 0) {
        break;
      }
      pair += equal;
      compareOne(query, index, done + 2 * pair);
      compareOne(query, index, done + 2 * pair + 1);
    }
    done += 2 * pairs;
    if (done < length) {
      compareOne(query, index, done);
    }
  }

  private void compareOne(int query, int index, int offset) {
    int base = Nibbles.get(bytes, seqAt, query + offset);
    int expected = reference.nibbles()[index + offset];
    if (base != expected) {
      addDifference(alignedBefore + offset, base, expected);
    }
  }

  private void addDifference(int aligned, int base, int expected) {
    differences.add(aligned, expected);
    diffGaps.putUnsigned(aligned - lastAligned - 1);
    lastAligned = aligned;
    int code = Nibbles.CODES[base];
    int expectedCode = Nibbles.CODES[expected];
    if (code > 3 || expectedCode > 3) {
      diffBases.put(3);
      diffOdd.put(base);
    } else {
      diffBases.put((code - expectedCode - 1) & 3);
    }
  }

  private void putLiterals(int from, int count) {
    for (int i = from; i < from + count; i++) {
      literals.put(Nibbles.get(bytes, seqAt, i));
    }
  }
}
