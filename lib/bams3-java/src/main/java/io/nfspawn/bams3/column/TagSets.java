package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSink;
import java.util.Arrays;

/**
 * Numbers the keys of a page and the sets of them that its records have, in order of appearance.
 * Records in a row mostly have the same set, so the last one is the first guess.
 */
final class TagSets {
  /** More keys than this and the tags of further ones are stored as they are. */
  static final int MAX_KEYS = 4096;

  private final int[] keyBuckets = new int[1 << 14];
  private int[] keys = new int[256];
  private int keyCount;

  private int[] setBuckets = new int[1 << 12];
  private int[] setStart = new int[256];
  private int[] elements = new int[1 << 10];
  private int setCount;
  private int last;

  void clear() {
    Arrays.fill(keyBuckets, 0);
    Arrays.fill(setBuckets, 0);
    keyCount = 0;
    setCount = 0;
    last = 0;
    setStart[0] = 0;
  }

  int keyCount() {
    return keyCount;
  }

  int key(int index) {
    return keys[index];
  }

  /** Index of the key that the last set has at a place; -1 when it has none there. */
  int guess(int place) {
    int at = setStart[last] + place;
    return setCount > 0 && at < setStart[last + 1] ? elements[at] >> 1 : -1;
  }

  /** Index of a key, new or known; -1 when there are too many. */
  int indexOf(int key) {
    int mask = keyBuckets.length - 1;
    int bucket = ((key * 0x9e3779b1) >>> 18) & mask;
    while (keyBuckets[bucket] != 0) {
      if (keys[keyBuckets[bucket] - 1] == key) {
        return keyBuckets[bucket] - 1;
      }
      bucket = (bucket + 1) & mask;
    }
    if (keyCount >= MAX_KEYS && key != TagKeys.REST) {
      return -1;
    }
    if (keyCount == keys.length) {
      keys = Arrays.copyOf(keys, 2 * keyCount);
    }
    keys[keyCount++] = key;
    keyBuckets[bucket] = keyCount;
    return keyCount - 1;
  }

  /** Number of a set of elements. */
  int setOf(int[] wanted, int count) {
    if (setCount > 0 && equals(last, wanted, count)) {
      return last;
    }
    int hash = count;
    for (int i = 0; i < count; i++) {
      hash = (hash ^ wanted[i]) * 0x9e3779b1;
    }
    int mask = setBuckets.length - 1;
    int bucket = (hash ^ (hash >>> 16)) & mask;
    while (setBuckets[bucket] != 0) {
      if (equals(setBuckets[bucket] - 1, wanted, count)) {
        last = setBuckets[bucket] - 1;
        return last;
      }
      bucket = (bucket + 1) & mask;
    }
    add(wanted, count);
    setBuckets[bucket] = setCount;
    last = setCount - 1;
    if (2 * setCount > setBuckets.length) {
      rehash();
    }
    return last;
  }

  private boolean equals(int set, int[] wanted, int count) {
    return Arrays.equals(elements, setStart[set], setStart[set + 1], wanted, 0, count);
  }

  private void add(int[] wanted, int count) {
    int at = setStart[setCount];
    if (elements.length < at + count) {
      elements = Arrays.copyOf(elements, 2 * (at + count));
    }
    System.arraycopy(wanted, 0, elements, at, count);
    if (++setCount == setStart.length) {
      setStart = Arrays.copyOf(setStart, 2 * setCount);
    }
    setStart[setCount] = at + count;
  }

  private void rehash() {
    setBuckets = new int[2 * setBuckets.length];
    int mask = setBuckets.length - 1;
    for (int set = 0; set < setCount; set++) {
      int hash = setStart[set + 1] - setStart[set];
      for (int i = setStart[set]; i < setStart[set + 1]; i++) {
        hash = (hash ^ elements[i]) * 0x9e3779b1;
      }
      int bucket = (hash ^ (hash >>> 16)) & mask;
      while (setBuckets[bucket] != 0) {
        bucket = (bucket + 1) & mask;
      }
      setBuckets[bucket] = set + 1;
    }
  }

  void write(ByteSink out) {
    out.putUnsigned(keyCount);
    for (int i = 0; i < keyCount; i++) {
      out.put(keys[i]);
      out.put(keys[i] >>> 8);
      out.put(keys[i] >>> 16);
    }
    out.putUnsigned(setCount);
    for (int set = 0; set < setCount; set++) {
      out.putUnsigned(setStart[set + 1] - setStart[set]);
      for (int i = setStart[set]; i < setStart[set + 1]; i++) {
        out.putUnsigned(elements[i]);
      }
    }
  }
}
