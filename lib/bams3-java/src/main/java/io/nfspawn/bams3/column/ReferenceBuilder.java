package io.nfspawn.bams3.column;

import io.nfspawn.bams3.Tags;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a page's reference: where a read has the tag MD, from that, else from a reference that is
 * given, else from the reads' bases, of which the first at a position decides. Which bases come out
 * affects only the size.
 */
final class ReferenceBuilder {
  /** Records with longer deletions are not worth the reference they would need. */
  private static final int MAX_DELETED_BP = 1 << 16;

  private final EmbeddedReference reference;
  private final @Nullable ReferenceBases given;
  private final MismatchWalk walk = new MismatchWalk();
  private long[] blocks = new long[1 << 12];
  private int blockCount;

  /** Positions before this index have been visited. */
  private int frontier;

  ReferenceBuilder(EmbeddedReference reference, @Nullable ReferenceBases given) {
    this.reference = reference;
    this.given = given;
  }

  /**
   * Decides each record's mode and builds the reference for those of mode 0.
   *
   * @param contig the page's; negative when there is none or each record has its own
   */
  void build(PageTable table, byte[] bytes, int contig) throws IOException {
    reference.clear();
    blockCount = 0;
    for (int i = 0; i < table.records; i++) {
      table.mode[i] = contig >= 0 && addBlocks(table, i) ? 0 : 1;
    }
    if (!makeSegments(Math.max(EmbeddedReference.MAX_BASES, table.start[table.records]))) {
      reference.clear();
      Arrays.fill(table.mode, 0, table.records, 1);
    }
    reference.makeRoom();
    if (given != null) {
      int at = 0;
      for (int i = 0; i < reference.segments(); i++) {
        int length = reference.segmentEnd(i) - reference.segmentStart(i);
        given.read(contig, reference.segmentStart(i), length, reference.nibbles(), at);
        at += length;
      }
    }
    frontier = 0;
    for (int i = 0; i < table.records; i++) {
      if (table.mode[i] == 0) {
        visit(table, bytes, i);
      }
    }
    byte[] nibbles = reference.nibbles();
    for (int i = 0; i < reference.bases(); i++) {
      if (nibbles[i] == 0) {
        nibbles[i] = Nibbles.UNKNOWN;
      }
    }
    reference.pack();
  }

  /** Adds the stretches a record covers; false when it cannot be stored against a reference. */
  private boolean addBlocks(PageTable table, int record) {
    int from = table.opStart[record];
    int to = table.opStart[record + 1];
    if (table.pos[record] < 0 || from == to) {
      return false;
    }
    long query = 0;
    long deleted = 0;
    long end = table.pos[record];
    for (int i = from; i < to; i++) {
      int code = table.ops[i] & 0xf;
      int length = table.ops[i] >>> 4;
      if (code > PageTable.LAST_OPERATION) {
        return false;
      }
      query += ((PageTable.QUERY >> code) & 1) * (long) length;
      end += ((PageTable.REFERENCE >> code) & 1) * (long) length;
      deleted += code == PageTable.DELETION ? length : 0;
    }
    if (query != table.length[record] || query == 0 || deleted > MAX_DELETED_BP) {
      return false;
    }
    if (end > Integer.MAX_VALUE) {
      return false;
    }
    int at = table.pos[record];
    int start = at;
    for (int i = from; i < to; i++) {
      int code = table.ops[i] & 0xf;
      int length = table.ops[i] >>> 4;
      if (code == PageTable.SKIP) {
        addBlock(start, at);
        at += length;
        start = at;
      } else if (((PageTable.REFERENCE >> code) & 1) != 0) {
        at += length;
      }
    }
    addBlock(start, at);
    return true;
  }

  private void addBlock(int start, int end) {
    if (start < end) {
      if (blockCount == blocks.length) {
        blocks = Arrays.copyOf(blocks, 2 * blockCount);
      }
      blocks[blockCount++] = (long) start << 32 | end;
    }
  }

  private boolean makeSegments(int limit) {
    for (int i = 1; i < blockCount; i++) {
      if (blocks[i] >>> 32 < blocks[i - 1] >>> 32) {
        Arrays.sort(blocks, 0, blockCount);
        break;
      }
    }
    long total = 0;
    for (int i = 0; i < blockCount; ) {
      int start = (int) (blocks[i] >>> 32);
      int end = (int) blocks[i];
      for (i++; i < blockCount && (int) (blocks[i] >>> 32) <= end; i++) {
        end = Math.max(end, (int) blocks[i]);
      }
      total += end - start;
      if (total > limit) {
        return false;
      }
      reference.addSegment(start, end);
    }
    return true;
  }

  private void visit(PageTable table, byte[] bytes, int record) {
    int from = table.opStart[record];
    int to = table.opStart[record + 1];
    int pos = table.pos[record];
    int first = from;
    int end = pos;
    boolean skips = false;
    while (first < to) {
      int code = table.ops[first] & 0xf;
      end += ((PageTable.REFERENCE >> code) & 1) * (table.ops[first] >>> 4);
      skips |= code == PageTable.SKIP;
      first++;
    }
    if (skips) {
      fill(table, bytes, record, 0);
      return;
    }
    int start = end == pos ? -1 : reference.indexOf(pos, end);
    if (start >= 0 && start + (end - pos) > frontier) {
      int unvisited = Math.max(frontier, start);
      fill(table, bytes, record, unvisited);
      frontier = start + (end - pos);
    }
  }

  /** Sets what is not set from an index on: first by the read, then MD corrects. */
  private void fill(PageTable table, byte[] bytes, int record, int fromIndex) {
    byte[] nibbles = reference.nibbles();
    int seqAt = table.tagsAt[record] - table.length[record] - (table.length[record] + 1) / 2;
    int pos = table.pos[record];
    int query = 0;
    for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++) {
      int code = table.ops[i] & 0xf;
      int length = table.ops[i] >>> 4;
      if (((PageTable.ALIGNED >> code) & 1) != 0 && length > 0) {
        int index = reference.indexOf(pos, pos);
        for (int k = Math.max(0, fromIndex - index); k < length; k++) {
          if (nibbles[index + k] == 0) {
            nibbles[index + k] = (byte) Nibbles.get(bytes, seqAt, query + k);
          }
        }
      }
      pos += ((PageTable.REFERENCE >> code) & 1) * length;
      query += ((PageTable.QUERY >> code) & 1) * length;
    }
    int tagsEnd = table.start[record + 1];
    int tag = Tags.find(bytes, table.tagsAt[record], tagsEnd, 'M', 'D');
    if (tag >= 0 && bytes[tag + 2] == 'Z') {
      walk.moveTo(table, record, bytes, tag + 3);
      walk.correct(fromIndex);
    }
  }

  /** Walks the text of a tag MD along a CIGAR; stops where they do not fit each other. */
  private final class MismatchWalk {
    private PageTable table = new PageTable();
    private byte[] bytes = {};
    private int opsEnd;
    private int at;
    private int op;
    private int opLeft;
    private int pos;

    void moveTo(PageTable page, int record, byte[] source, int textAt) {
      table = page;
      bytes = source;
      at = textAt;
      op = page.opStart[record] - 1;
      opsEnd = page.opStart[record + 1];
      opLeft = 0;
      pos = page.pos[record];
    }

    void correct(int fromIndex) {
      while (bytes[at] != 0) {
        int letter = bytes[at];
        if (letter >= '0' && letter <= '9') {
          if (!skipMatches(number())) {
            return;
          }
        } else if (letter == '^') {
          at++;
          while (bytes[at] >= 'A') {
            if (!step(PageTable.DELETION, fromIndex)) {
              return;
            }
          }
        } else if (!step(-1, fromIndex)) {
          return;
        }
      }
    }

    private int number() {
      int number = 0;
      while (bytes[at] >= '0' && bytes[at] <= '9' && number < 100_000_000) {
        number = number * 10 + bytes[at++] - '0';
      }
      return number;
    }

    private boolean skipMatches(int count) {
      int rest = count;
      while (rest > 0) {
        if (opLeft == 0 && !nextOp()) {
          return false;
        }
        int step = isAligned() ? Math.min(rest, opLeft) : 0;
        if (step == 0 && (table.ops[op] & 0xf) == PageTable.DELETION) {
          return false;
        }
        rest -= step;
        advance(step == 0 ? opLeft : step);
      }
      return true;
    }

    /** One letter of the reference, in a deletion or under an aligned base. */
    private boolean step(int wantedCode, int fromIndex) {
      while (opLeft == 0 || !fits(wantedCode)) {
        if (opLeft > 0 && (isAligned() || (table.ops[op] & 0xf) == PageTable.DELETION)) {
          return false;
        }
        advance(opLeft);
        if (!nextOp()) {
          return false;
        }
      }
      int nibble = Nibbles.ofLetter(bytes[at++]);
      int index = reference.indexOf(pos, pos);
      if (nibble != 0 && index >= fromIndex) {
        reference.nibbles()[index] = (byte) nibble;
      }
      advance(1);
      return true;
    }

    private boolean fits(int wantedCode) {
      return wantedCode < 0 ? isAligned() : (table.ops[op] & 0xf) == wantedCode;
    }

    private boolean isAligned() {
      return ((PageTable.ALIGNED >> (table.ops[op] & 0xf)) & 1) != 0;
    }

    private boolean nextOp() {
      do {
        if (++op >= opsEnd) {
          return false;
        }
        opLeft = table.ops[op] >>> 4;
      } while (opLeft == 0);
      return true;
    }

    /** Moves on inside the operation; those off the reference move nothing else. */
    private void advance(int count) {
      opLeft -= count;
      if (count > 0 && ((PageTable.REFERENCE >> (table.ops[op] & 0xf)) & 1) != 0) {
        pos += count;
      }
    }
  }
}
