package io.nfspawn.bams3.column;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.Tags;
import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;

/** Reads what {@link TagWriter} wrote, record after record, into BAM's tags. */
final class TagReader {
  private static final int MAX_KEYS = TagSets.MAX_KEYS + 1;

  private final DerivedTags derived;
  private final ByteSource[] streams = new ByteSource[MAX_KEYS];
  private int[] keys = {};
  private TagKeys.Derived[] derivations = {};
  private int[][] sets = {};
  private ByteSource setIn = new ByteSource();
  private byte[] out = {};
  private int limit;

  TagReader(DerivedTags derived) {
    this.derived = derived;
  }

  /**
   * @param pageBytes where the page's records go
   * @param end one past the last byte that may be written
   */
  void moveTo(ColumnSources columns, byte[] pageBytes, int end) throws CodecException {
    out = pageBytes;
    limit = end;
    setIn = columns.column(Column.TAG_SET);
    ByteSource in = columns.column(Column.TAG_SETS);
    int keyCount = in.nextCount();
    if (keyCount > MAX_KEYS) {
      throw new CodecException(Column.TAG_SETS, "has %d keys".formatted(keyCount));
    }
    keys = new int[keyCount];
    derivations = new TagKeys.Derived[keyCount];
    ByteSource other = columns.column(Column.TAG_OTHER);
    for (int i = 0; i < keyCount; i++) {
      keys[i] = in.next() | in.next() << 8 | in.next() << 16;
      derivations[i] = TagKeys.derived(keys[i]);
      streams[i] = i < Column.TAG_STREAMS ? columns.column(Column.TAG + i) : other;
      checkType(keys[i]);
    }
    readSets(in);
  }

  private static void checkType(int key) throws CodecException {
    int type = TagKeys.type(key);
    boolean known = TagKeys.fixedBytes(type) > 0 || type == 'Z' || type == 'H' || type == 'B';
    if (!known && key != TagKeys.REST) {
      throw new CodecException(Column.TAG_SETS, "has a tag of unknown type " + type);
    }
  }

  private void readSets(ByteSource in) throws CodecException {
    int count = in.nextCount();
    if (count > in.remaining()) {
      throw new CodecException(Column.TAG_SETS, "has %d sets".formatted(count));
    }
    sets = new int[count][];
    for (int i = 0; i < count; i++) {
      int size = in.nextCount();
      if (size > in.remaining()) {
        throw new CodecException(Column.TAG_SETS, "has a set of %d tags".formatted(size));
      }
      sets[i] = new int[size];
      for (int k = 0; k < size; k++) {
        int element = in.nextCount();
        int index = element >> 1;
        if (index >= keys.length
            || ((element & 1) != 0 && derivations[index] == TagKeys.Derived.NOTHING)
            || (keys[index] == TagKeys.REST && k != size - 1)) {
          throw new CodecException(Column.TAG_SETS, "has an impossible tag " + element);
        }
        sets[i][k] = element;
      }
    }
  }

  /** Whether a value of that kind is computed for any record of the page. */
  boolean derives(TagKeys.Derived what) {
    for (int[] set : sets) {
      for (int element : set) {
        if ((element & 1) != 0 && derivations[element >> 1] == what) {
          return true;
        }
      }
    }
    return false;
  }

  /** Writes the tags of a record from an offset on; returns where they end. */
  int read(int record, int from) throws CodecException {
    int set = setIn.nextCount();
    if (set >= sets.length) {
      if (set == 0) {
        return from;
      }
      throw new CodecException(Column.TAG_SET, "has no set " + set);
    }
    int at = from;
    for (int element : sets[set]) {
      int index = element >> 1;
      if (keys[index] == TagKeys.REST) {
        return readRest(index, at);
      }
      int key = keys[index];
      room(at, 3);
      out[at] = (byte) key;
      out[at + 1] = (byte) (key >>> 8);
      out[at + 2] = (byte) (key >>> 16);
      at =
          (element & 1) != 0
              ? derive(index, record, at + 3)
              : readValue(streams[index], TagKeys.type(key), at + 3);
    }
    return at;
  }

  private void room(int at, int count) throws CodecException {
    if (count > limit - at) {
      throw new CodecException(Column.TAG_SET, "makes records larger than they are");
    }
  }

  private int readRest(int index, int at) throws CodecException {
    int length = streams[index].nextCount();
    room(at, length);
    if (length == 0) {
      throw new CodecException(Column.TAG + index, "has an empty rest of a record");
    }
    return copy(streams[index], at, length);
  }

  private int copy(ByteSource in, int at, int length) throws CodecException {
    in.copyTo(out, at, length);
    return at + length;
  }

  private int readValue(ByteSource in, int type, int at) throws CodecException {
    room(at, 8);
    switch (type) {
      case 'A', 'c', 'C' -> {
        out[at] = (byte) in.next();
        return at + 1;
      }
      case 's' -> {
        LittleEndian.putInt16(out, at, in.nextSigned());
        return at + 2;
      }
      case 'S' -> {
        LittleEndian.putInt16(out, at, in.nextUnsigned());
        return at + 2;
      }
      case 'i' -> {
        LittleEndian.putInt32(out, at, in.nextSigned());
        return at + 4;
      }
      case 'I' -> {
        LittleEndian.putInt32(out, at, in.nextUnsigned());
        return at + 4;
      }
      case 'f' -> {
        LittleEndian.putInt32(out, at, in.nextInt32());
        return at + 4;
      }
      case 'd' -> {
        LittleEndian.putInt32(out, at, in.nextInt32());
        LittleEndian.putInt32(out, at + 4, in.nextInt32());
        return at + 8;
      }
      case 'B' -> {
        return readArray(in, at);
      }
      default -> {
        return readText(in, at);
      }
    }
  }

  private int readArray(ByteSource in, int at) throws CodecException {
    int type = in.next();
    int count = in.nextCount();
    long length = (long) count * Tags.elementBytes((byte) type);
    if (length > limit - at - 5 || (length == 0 && count > 0)) {
      throw new CodecException(
          Column.TAG_SET, "has an array of %d elements of type %d".formatted(count, type));
    }
    out[at] = (byte) type;
    LittleEndian.putInt32(out, at + 1, count);
    return copy(in, at + 5, (int) length);
  }

  private int readText(ByteSource in, int at) throws CodecException {
    int length = in.lengthOfText();
    room(at, length);
    return copy(in, at, length);
  }

  private int derive(int index, int record, int at) throws CodecException {
    TagKeys.Derived what = derivations[index];
    if (!derived.isPossible(what, record)) {
      throw new CodecException(Column.TAG_SET, "derives what cannot be derived");
    }
    int type = TagKeys.type(keys[index]);
    if (type == 'Z') {
      derived.compose(what, record);
      room(at, derived.length());
      System.arraycopy(derived.text(), 0, out, at, derived.length());
      return at + derived.length();
    }
    room(at, 4);
    LittleEndian.putInt32(out, at, derived.number(what, record));
    return at + TagKeys.fixedBytes(type);
  }
}
