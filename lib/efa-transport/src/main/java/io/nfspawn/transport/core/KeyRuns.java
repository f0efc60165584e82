package io.nfspawn.transport.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys that end in numbers and count up by one, {@code a:7}, {@code a:8}, {@code a:9}, a run of
 * them in the memory of one. The run that goes on now is known by the key that would be its next.
 * Not thread-safe.
 */
final class KeyRuns {
  /** Shorter runs are not worth an object. */
  static final int LEAST_KEYS = 32;

  /** As many keys as there may be on top of a number of so many digits fit into 64 bits. */
  private static final int MOST_DIGITS = 17;

  private static final int NONE = -1;

  /** A run that is over: the number of its first key at the end of the text, and among all keys. */
  private record Run(long first, int firstIndex, int count) {}

  /** By the text before the number, then by {@link Run#first}. */
  private final Map<String, TreeMap<Long, Run>> over = new HashMap<>();

  /** The key that would go on with the run; no length when there is none. */
  private byte[] next = new byte[32];

  private int nextLength;
  private int prefixLength;

  /** Of the run that goes on. */
  private long first;

  private int firstIndex;
  private int count;

  // ---- the run that goes on ---------------------------------------------------------------

  boolean isNext(byte[] bytes, int from, int to) {
    return to - from == nextLength
        && nextLength > 0
        && Arrays.equals(bytes, from, to, next, 0, nextLength);
  }

  int count() {
    return count;
  }

  int firstIndex() {
    return firstIndex;
  }

  /** The key that {@link #isNext} was true for belongs to it now. */
  void extend() {
    count++;
    countUp();
  }

  private void countUp() {
    int at = nextLength - 1;
    while (at >= prefixLength && next[at] == '9') {
      next[at--] = '0';
    }
    if (at >= prefixLength) {
      next[at]++;
      return;
    }
    reserve(nextLength + 1);
    next[prefixLength] = '1';
    next[nextLength++] = '0';
  }

  private void reserve(int length) {
    if (next.length < length) {
      next = Arrays.copyOf(next, 2 * length);
    }
  }

  /** A run of no key yet begins behind this one; the next of all keys has {@code index}. */
  void begin(byte[] bytes, int from, int to, int index) {
    int digits = digits(bytes, from, to);
    count = 0;
    nextLength = 0;
    firstIndex = index;
    if (digits == 0 || digits > MOST_DIGITS) {
      return;
    }
    int length = to - from;
    reserve(length);
    System.arraycopy(bytes, from, next, 0, length);
    nextLength = length;
    prefixLength = length - digits;
    first = number(bytes, to - digits, to) + 1;
    countUp();
  }

  /** The same, behind a key that has nothing to do with it. */
  void again(int index) {
    first += count;
    count = 0;
    firstIndex = index;
  }

  /** Key {@code index} of the run, 0 its first; as many bytes of the array as it has. */
  byte[] key(int index) {
    byte[] digits = Long.toString(first + index).getBytes(StandardCharsets.US_ASCII);
    byte[] key = Arrays.copyOf(next, prefixLength + digits.length);
    System.arraycopy(digits, 0, key, prefixLength, digits.length);
    return key;
  }

  /** The run is over, and kept. */
  void keep() {
    String prefix = new String(next, 0, prefixLength, StandardCharsets.ISO_8859_1);
    over.computeIfAbsent(prefix, p -> new TreeMap<>())
        .put(first, new Run(first, firstIndex, count));
  }

  // ---- all runs ---------------------------------------------------------------------------

  /** The index of that key among all keys if it is in a run; negative when it is not. */
  int find(byte[] bytes, int from, int to) {
    if (count == 0 && over.isEmpty()) {
      return NONE;
    }
    int digits = digits(bytes, from, to);
    if (digits == 0) {
      return NONE;
    }
    int prefixTo = to - digits;
    long number = number(bytes, prefixTo, to);
    if (number >= first
        && number - first < count
        && Arrays.equals(bytes, from, prefixTo, next, 0, prefixLength)) {
      return firstIndex + (int) (number - first);
    }
    return findOver(new String(bytes, from, prefixTo - from, StandardCharsets.ISO_8859_1), number);
  }

  private int findOver(String prefix, long number) {
    TreeMap<Long, Run> runs = over.get(prefix);
    Map.@Nullable Entry<Long, Run> below = runs == null ? null : runs.floorEntry(number);
    if (below == null) {
      return NONE;
    }
    Run run = below.getValue();
    return number - run.first < run.count ? run.firstIndex + (int) (number - run.first) : NONE;
  }

  /** Length of the number at the end; 0 when there is none that counts up as it is written. */
  private static int digits(byte[] bytes, int from, int to) {
    int at = to;
    while (at > from && bytes[at - 1] >= '0' && bytes[at - 1] <= '9') {
      at--;
    }
    int digits = to - at;
    boolean counts = digits == 1 || (digits > 1 && bytes[at] != '0');
    return counts && digits <= MOST_DIGITS + 1 ? digits : 0;
  }

  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    for (int at = from; at < to; at++) {
      number = 10 * number + (bytes[at] - '0');
    }
    return number;
  }
}
