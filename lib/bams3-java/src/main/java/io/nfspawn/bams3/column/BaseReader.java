package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;

/** Reads what {@link BaseWriter} wrote, record after record, into BAM's packed bases. */
final class BaseReader {
  private final EmbeddedReference reference;
  private final Differences differences;
  private final PackedBasesSource referenceBases =
      new PackedBasesSource(Column.REF_BASE, Column.REF_ODD);
  private final PackedBasesSource literals =
      new PackedBasesSource(Column.LITERAL_BASE, Column.LITERAL_ODD);
  private ByteSource modes = new ByteSource();
  private ByteSource diffCounts = new ByteSource();
  private ByteSource diffGaps = new ByteSource();
  private ByteSource diffBases = new ByteSource();
  private ByteSource diffOdd = new ByteSource();
  private ByteSource pads = new ByteSource();
  private int nextPad;
  private byte[] out = {};
  private int seqAt;

  BaseReader(EmbeddedReference reference, Differences differences) {
    this.reference = reference;
    this.differences = differences;
  }

  void moveTo(ColumnSources columns, int pageRawBytes) throws CodecException {
    differences.clear();
    modes = columns.column(Column.SEQ_MODE);
    diffCounts = columns.column(Column.DIFF_COUNT);
    diffGaps = columns.column(Column.DIFF_GAP);
    diffBases = columns.column(Column.DIFF_BASE);
    diffOdd = columns.column(Column.DIFF_ODD);
    pads = columns.column(Column.SEQ_PAD);
    nextPad = 0;
    readSegments(columns.column(Column.REF_SEGMENT), pageRawBytes);
    referenceBases.moveTo(columns);
    reference.makeRoom();
    byte[] nibbles = reference.nibbles();
    for (int i = 0; i < reference.bases(); i++) {
      nibbles[i] = (byte) referenceBases.next();
    }
    referenceBases.checkEnd();
    reference.pack();
    literals.moveTo(columns);
    findPad(0);
  }

  private void readSegments(ByteSource segments, int pageRawBytes) throws CodecException {
    reference.clear();
    int limit = Math.max(EmbeddedReference.MAX_BASES, pageRawBytes);
    long end = 0;
    while (segments.remaining() > 0) {
      long start = end + segments.nextCount();
      long length = segments.nextCount();
      end = start + length;
      if (length == 0 || end > Integer.MAX_VALUE || reference.bases() + length > limit) {
        throw new CodecException(
            Column.REF_SEGMENT, "has a segment %d to %d".formatted(start, end));
      }
      reference.addSegment((int) start, (int) end);
    }
  }

  /** Finds the next record with something in its last half byte; -1 after the last. */
  private void findPad(int before) throws CodecException {
    if (pads.remaining() == 0) {
      nextPad = -1;
      return;
    }
    nextPad = before + pads.nextCount();
  }

  /** Writes the bases of a record, whose place in the output has room for them. */
  void read(PageTable table, int record, byte[] to, int at) throws CodecException {
    out = to;
    seqAt = at;
    int length = table.length[record];
    table.diffStart[record] = differences.count;
    int mode = modes.next();
    table.mode[record] = mode;
    if (mode > 1) {
      throw new CodecException(Column.SEQ_MODE, "has a mode " + mode);
    }
    if (mode == 0) {
      readAligned(table, record);
    } else {
      readLiterals(0, length);
    }
    if ((length & 1) != 0) {
      int last = at + length / 2;
      to[last] = (byte) ((to[last] & 0xf0) | (record == nextPad ? readPad(record) : 0));
    }
    table.diffStart[record + 1] = differences.count;
  }

  private int readPad(int record) throws CodecException {
    int nibble = pads.next();
    if (nibble == 0 || nibble > 15) {
      throw new CodecException(Column.SEQ_PAD, "has a half byte " + nibble);
    }
    findPad(record);
    return nibble;
  }

  private void readAligned(PageTable table, int record) throws CodecException {
    checkCigar(table, record);
    int query = 0;
    int pos = table.pos[record];
    for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++) {
      int code = table.ops[i] & 0xf;
      int length = table.ops[i] >>> 4;
      if (((PageTable.ALIGNED >> code) & 1) != 0) {
        if (length > 0) {
          copy(query, index(pos, length), length);
        }
      } else if (code == PageTable.INSERTION || code == PageTable.SOFT_CLIP) {
        readLiterals(query, length);
      } else if (code == PageTable.DELETION && length > 0) {
        index(pos, length);
      }
      pos += ((PageTable.REFERENCE >> code) & 1) * length;
      query += ((PageTable.QUERY >> code) & 1) * length;
    }
    readDifferences(table, record);
  }

  private static void checkCigar(PageTable table, int record) throws CodecException {
    long query = 0;
    long end = table.pos[record];
    for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++) {
      int code = table.ops[i] & 0xf;
      if (code > PageTable.LAST_OPERATION) {
        throw new CodecException(
            Column.CIGAR_OP, "has an operation " + code + " in an aligned read");
      }
      query += ((PageTable.QUERY >> code) & 1) * (long) (table.ops[i] >>> 4);
      end += ((PageTable.REFERENCE >> code) & 1) * (long) (table.ops[i] >>> 4);
    }
    if (table.pos[record] < 0
        || query == 0
        || query != table.length[record]
        || end > Integer.MAX_VALUE) {
      throw new CodecException(Column.SEQ_MODE, "says that a read is aligned that cannot be");
    }
  }

  private int index(int pos, int length) throws CodecException {
    int index = reference.indexOf(pos, (long) pos + length);
    if (index < 0) {
      throw new CodecException(Column.REF_SEGMENT, "lacks position " + pos);
    }
    return index;
  }

  /** Copies a run of the reference. */
  private void copy(int query, int index, int length) {
    int done = 0;
    if ((query & 1) != 0) {
      int at = seqAt + (query >> 1);
      out[at] = (byte) ((out[at] & 0xf0) | reference.nibbles()[index]);
      done = 1;
    }
    int pairs = (length - done) >> 1;
    byte[] packed = reference.packed(index + done);
    System.arraycopy(packed, (index + done + 1) >> 1, out, seqAt + ((query + done) >> 1), pairs);
    done += 2 * pairs;
    if (done < length) {
      out[seqAt + ((query + done) >> 1)] = (byte) (reference.nibbles()[index + done] << 4);
    }
  }

  private void readDifferences(PageTable table, int record) throws CodecException {
    int count = diffCounts.nextCount();
    int op = table.opStart[record] - 1;
    int opsEnd = table.opStart[record + 1];
    int runStart = 0;
    int runEnd = 0;
    int query = 0;
    int pos = table.pos[record];
    int aligned = -1;
    int length = 0;
    for (int i = 0; i < count; i++) {
      aligned += 1 + diffGaps.nextCount();
      while (aligned >= runEnd || aligned < 0) {
        if (op >= table.opStart[record]) {
          int code = table.ops[op] & 0xf;
          pos += ((PageTable.REFERENCE >> code) & 1) * length;
          query += ((PageTable.QUERY >> code) & 1) * length;
        }
        if (++op >= opsEnd || aligned < 0) {
          throw new CodecException(Column.DIFF_GAP, "leads beyond the end of a read");
        }
        length = table.ops[op] >>> 4;
        if (((PageTable.ALIGNED >> (table.ops[op] & 0xf)) & 1) != 0) {
          runStart = runEnd;
          runEnd += length;
        }
      }
      int offset = aligned - runStart;
      int index = reference.indexOf(pos, pos) + offset;
      setDifference(aligned, query + offset, reference.nibbles()[index]);
    }
  }

  private void setDifference(int aligned, int query, int expected) throws CodecException {
    int code = diffBases.next();
    int nibble;
    if (code == 3) {
      nibble = diffOdd.next();
    } else {
      int expectedCode = Nibbles.CODES[expected];
      if (code > 3 || expectedCode > 3) {
        throw new CodecException(Column.DIFF_BASE, "has an impossible difference " + code);
      }
      nibble = Nibbles.OF_CODE[(expectedCode + code + 1) & 3];
    }
    if (nibble == expected || nibble > 15) {
      throw new CodecException(Column.DIFF_ODD, "has an impossible difference " + nibble);
    }
    differences.add(aligned, expected);
    put(query, nibble);
  }

  private void readLiterals(int from, int count) throws CodecException {
    for (int i = from; i < from + count; i++) {
      put(i, literals.next());
    }
  }

  private void put(int index, int nibble) {
    int at = seqAt + (index >> 1);
    out[at] = (byte) ((index & 1) == 0 ? (out[at] & 0xf) | nibble << 4 : (out[at] & 0xf0) | nibble);
  }

  void checkEnd() throws CodecException {
    literals.checkEnd();
    if (nextPad >= 0) {
      throw new CodecException(Column.SEQ_PAD, "names a record that has no half byte");
    }
  }
}
