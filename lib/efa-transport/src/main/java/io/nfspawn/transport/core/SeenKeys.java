package io.nfspawn.transport.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Every key there ever was, by the order of arrival, and no object for any. Keys that count up, as
 * {@link KeyRuns} says, cost nothing but, where payloads are to be told apart, four bytes; of
 * others there are 128 bits of hash in place of the key (that any two of 10⁹ keys share them has a
 * probability of 10⁻²¹), 24 bytes with their number. Those that come in {@linkplain KeyOrder
 * ascending order} are only written down; from the first that does not, a table of 8 to 16 bytes a
 * key finds them. What grows lies outside of the heap. Not thread-safe.
 */
final class SeenKeys {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int FIRST_PLACES = 64;
  private static final int NEIGHBOURS = 16;
  private static final long PRIME_1 = 0x9E3779B97F4A7C15L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;

  private final KeyOrder order = new KeyOrder();
  private final KeyRuns runs = new KeyRuns();

  /** Of keys that are in no run: two longs of hash, and the number. */
  private final Records hashes = new Records(3 * Long.BYTES);

  /** What tells payloads apart; empty when nobody will ask. */
  private final Records payloads = new Records(Integer.BYTES);

  private final boolean asksForPayloads;
  private int size;

  /** Places in {@link #hashes}, and 1; 0 where there is none. At most half full. */
  private int[] table = {};

  /** How many keys are in the table. */
  private int tabled;

  /** Hashes of the key that was asked for last. */
  private long first;

  private long second;

  /** Whether it goes on with the run. */
  private boolean isNext;

  /** Whether it is above all others. */
  private boolean ascends;

  /**
   * @param asksForPayloads false when {@link #hasPayload} will not be called
   */
  SeenKeys(boolean asksForPayloads) {
    this.asksForPayloads = asksForPayloads;
  }

  /** The number of the key between {@code from} and {@code to}; negative when it is new. */
  int find(byte[] bytes, int from, int to) {
    isNext = runs.isNext(bytes, from, to);
    if (isNext) {
      return -1; // Runs begin at the greatest of all keys.
    }
    if (runs.count() > 0) {
      byte[] last = runs.key(runs.count() - 1);
      order.add(last, 0, last.length);
    }
    hash(bytes, from, to);
    ascends = order.isAbove(bytes, from, to);
    if (ascends) {
      return -1;
    }
    int inRun = runs.find(bytes, from, to);
    if (inRun >= 0) {
      return inRun;
    }
    fillTable();
    int place = table[place(first, second)] - 1;
    return place < 0 ? -1 : (int) hashes.longAt(place, 2);
  }

  /** Adds the key that was looked for last and not found; returns its number: 0, 1, 2 … */
  int add(byte[] bytes, int from, int to, int checksum, int lengthBytes) {
    if (isNext) {
      runs.extend();
    } else {
      if (runs.count() > 0) {
        endRun();
        hash(bytes, from, to);
      }
      write(size);
      if (ascends) {
        order.add(bytes, from, to);
        runs.begin(bytes, from, to, size + 1);
      } else {
        runs.again(size + 1);
      }
    }
    if (asksForPayloads) {
      payloads.add();
      payloads.putInt(size, 0, payload(checksum, lengthBytes));
    }
    return size++;
  }

  /** Keeps the run that went on until now; of a short one its keys. */
  private void endRun() {
    if (runs.count() >= KeyRuns.LEAST_KEYS) {
      runs.keep();
      return;
    }
    for (int i = 0; i < runs.count(); i++) {
      byte[] key = runs.key(i);
      hash(key, 0, key.length);
      write(runs.firstIndex() + i);
    }
  }

  /** Writes down the key whose hashes are at hand. */
  private void write(int number) {
    int place = hashes.add();
    hashes.putLong(place, 0, first);
    hashes.putLong(place, 1, second);
    hashes.putLong(place, 2, number);
  }

  boolean hasPayload(int number, int checksum, int lengthBytes) {
    return payloads.intAt(number, 0) == payload(checksum, lengthBytes);
  }

  /** Two that differ are the same by this once in 2³² times. */
  private static int payload(int checksum, int lengthBytes) {
    return checksum ^ lengthBytes * (int) PRIME_1;
  }

  private void fillTable() {
    int count = hashes.size();
    if (2L * count >= table.length) {
      table = new int[Math.max(FIRST_PLACES, Math.multiplyExact(4, Integer.highestOneBit(count)))];
      tabled = 0;
    }
    for (; tabled < count; tabled++) {
      table[place(hashes.longAt(tabled, 0), hashes.longAt(tabled, 1))] = tabled + 1;
    }
  }

  /** Where in the table the key is, or would be. */
  private int place(long itsFirst, long itsSecond) {
    int mask = table.length - 1;
    int place = (int) itsFirst & mask;
    for (int at = table[place] - 1;
        at >= 0 && (hashes.longAt(at, 0) != itsFirst || hashes.longAt(at, 1) != itsSecond);
        at = table[place] - 1) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /**
   * Keys that differ in their last byte alone, as consecutive numbers do, get places side by side:
   * a table of millions of keys is not in cache, and each place would have to be fetched.
   */
  private void hash(byte[] bytes, int from, int to) {
    int last = to - 1;
    long a = PRIME_1 * (to - from);
    long b = PRIME_2 ^ (to - from);
    int at = from;
    for (; at + Long.BYTES <= last; at += Long.BYTES) {
      long word = (long) WORD.get(bytes, at);
      a = mix(a ^ word, PRIME_1);
      b = mix(b + word, PRIME_2);
    }
    long rest = 0;
    for (; at < last; at++) {
      rest = rest << 8 | (bytes[at] & 0xff);
    }
    byte end = last < from ? 0 : bytes[last];
    first = (mix(mix(a ^ rest, PRIME_1), PRIME_2) & -NEIGHBOURS) | (end & (NEIGHBOURS - 1));
    second = mix(mix(b + (rest << 8 | (end & 0xff)), PRIME_2), PRIME_1);
  }

  private static long mix(long value, long prime) {
    long product = (value ^ (value >>> 32)) * prime;
    return product ^ (product >>> 29);
  }
}
