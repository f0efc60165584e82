package io.nfspawn.bams3.column;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.Tags;
import io.nfspawn.bams3.codec.ByteSink;
import java.util.Arrays;

/** Writes tags: which ones a record has, and the values that cannot be derived. */
final class TagWriter {
  private final ByteSink setsOut;
  private final ByteSink setOut;
  private final ByteSink[] streams = new ByteSink[Column.TAG_STREAMS];
  private final ByteSink other;
  private final TagSets sets = new TagSets();
  private final DerivedTags derived;
  private TagKeys.Derived[] derivations = new TagKeys.Derived[256];
  private int derivationCount;
  private int[] elements = new int[64];
  private int count;

  TagWriter(ColumnSinks sinks, DerivedTags derived) {
    this.derived = derived;
    setsOut = sinks.sink(Column.TAG_SETS);
    setOut = sinks.sink(Column.TAG_SET);
    other = sinks.sink(Column.TAG_OTHER);
    for (int i = 0; i < streams.length; i++) {
      streams[i] = sinks.sink(Column.TAG + i);
    }
  }

  void write(PageTable table, byte[] bytes) {
    sets.clear();
    derivationCount = 0;
    boolean any = false;
    for (int i = 0; i < table.records; i++) {
      count = 0;
      writeTags(bytes, table.tagsAt[i], table.start[i + 1], i);
      any |= count > 0;
      setOut.putUnsigned(sets.setOf(elements, count));
    }
    if (any) {
      sets.write(setsOut);
    } else {
      setOut.clear();
    }
  }

  private void writeTags(byte[] bytes, int from, int end, int record) {
    for (int at = from; at < end; ) {
      int next = Tags.next(bytes, at, end);
      int index = next < 0 ? -1 : keyIndex(bytes, at);
      if (index < 0) {
        writeRest(bytes, at, end);
        return;
      }
      boolean isDerived = isDerived(bytes, at, next, derivations[index], record);
      addElement(index << 1 | (isDerived ? 1 : 0));
      if (!isDerived) {
        writeValue(bytes, at, next, stream(index));
      }
      at = next;
    }
  }

  private int keyIndex(byte[] bytes, int at) {
    int key = TagKeys.key(bytes[at], bytes[at + 1], bytes[at + 2]);
    int guess = sets.guess(count);
    if (guess >= 0 && sets.key(guess) == key) {
      return guess;
    }
    return index(key);
  }

  private int index(int key) {
    int index = sets.indexOf(key);
    if (index == derivationCount) {
      if (index == derivations.length) {
        derivations = Arrays.copyOf(derivations, 2 * index);
      }
      derivations[index] = TagKeys.derived(key);
      derivationCount++;
    }
    return index;
  }

  private void addElement(int element) {
    if (count == elements.length) {
      elements = Arrays.copyOf(elements, 2 * count);
    }
    elements[count++] = element;
  }

  private ByteSink stream(int index) {
    return index < streams.length ? streams[index] : other;
  }

  private void writeRest(byte[] bytes, int at, int end) {
    int index = index(TagKeys.REST);
    addElement(index << 1);
    ByteSink out = stream(index);
    out.putUnsigned(end - at);
    out.put(bytes, at, end - at);
  }

  private boolean isDerived(byte[] bytes, int at, int next, TagKeys.Derived what, int record) {
    return switch (what) {
      case NOTHING -> false;
      case EDIT_DISTANCE, MATE_MAPQ, MATE_SCORE ->
          derived.isPossible(what, record)
              && integer(bytes, at + 3, bytes[at + 2]) == derived.number(what, record);
      case MISMATCHES, MATE_CIGAR ->
          derived.isPossible(what, record) && equalsText(bytes, at + 3, next, what, record);
    };
  }

  private boolean equalsText(byte[] bytes, int from, int to, TagKeys.Derived what, int record) {
    derived.compose(what, record);
    return Arrays.equals(bytes, from, to, derived.text(), 0, derived.length());
  }

  private static long integer(byte[] bytes, int at, int type) {
    return switch (type) {
      case 'c' -> bytes[at];
      case 'C' -> bytes[at] & 0xff;
      case 's' -> (short) LittleEndian.uint16(bytes, at);
      case 'S' -> LittleEndian.uint16(bytes, at);
      case 'I' -> LittleEndian.int32(bytes, at) & 0xffffffffL;
      default -> LittleEndian.int32(bytes, at);
    };
  }

  private static void writeValue(byte[] bytes, int at, int next, ByteSink out) {
    int value = at + 3;
    switch (bytes[at + 2]) {
      case 'A', 'c', 'C' -> out.put(bytes[value]);
      case 's' -> out.putSigned((short) LittleEndian.uint16(bytes, value));
      case 'S' -> out.putUnsigned(LittleEndian.uint16(bytes, value));
      case 'i' -> out.putSigned(LittleEndian.int32(bytes, value));
      case 'I' -> out.putUnsigned(LittleEndian.int32(bytes, value));
      case 'B' -> {
        out.put(bytes[value]);
        out.putUnsigned(LittleEndian.int32(bytes, value + 1));
        out.put(bytes, value + 5, next - value - 5);
      }
      default -> out.put(bytes, value, next - value);
    }
  }
}
