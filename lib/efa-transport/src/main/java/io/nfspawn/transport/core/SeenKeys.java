package io.nfspawn.transport.core;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Every key there ever was, in some 100 bytes each and no object: 128 bits of hash in place of the
 * key (that any two of 10⁹ keys share them has a probability of 10⁻²¹), checksum and length of the
 * payload, and what stands for the item as long as it is open. Not thread-safe.
 */
final class SeenKeys<V> {
  private static final int FIRST_PLACES = 64;
  private static final int NEIGHBOURS = 16;
  private static final long PRIME_1 = 0x9E3779B97F4A7C15L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;

  /** Longs a place: two of hash, the second never 0 where there is a key; checksum and length. */
  private static final int LONGS = 3;

  private long[] table = new long[LONGS * FIRST_PLACES];
  private int places = FIRST_PLACES;
  private int size;

  /** Apart from the others: they are few, and no collection has to look through all of them. */
  private final OpenKeys<V> open = new OpenKeys<>();

  private ByteBuffer scratch = ByteBuffer.allocate(64);

  /** Hashes of the key that was asked for last. */
  private long first;

  private long second;

  /** The place of the key between {@code from} and {@code to}; negative when it is new. */
  int find(ByteBuffer bytes, int from, int to) {
    hash(bytes, from, to);
    int place = place();
    return table[LONGS * place + 1] == 0 ? -1 : place;
  }

  /** As the other, of all of {@code bytes}. */
  int find(byte[] bytes) {
    return find(scratch(bytes), 0, bytes.length);
  }

  private ByteBuffer scratch(byte[] bytes) {
    if (scratch.capacity() < bytes.length) {
      scratch = ByteBuffer.allocate(2 * bytes.length);
    }
    return scratch.put(0, bytes);
  }

  /** Adds the key that was looked for last and not found. */
  void add(V value, int checksum, int lengthBytes) {
    if (++size * 2 > places) {
      grow();
    }
    int at = LONGS * place();
    table[at] = first;
    table[at + 1] = second;
    table[at + 2] = payload(checksum, lengthBytes);
    open.add(first, second, value);
  }

  boolean hasPayload(int place, int checksum, int lengthBytes) {
    return table[LONGS * place + 2] == payload(checksum, lengthBytes);
  }

  private static long payload(int checksum, int lengthBytes) {
    return (long) checksum << 32 | lengthBytes;
  }

  /** What stands for the key that was looked for last; null when its item is done with. */
  @Nullable V open() {
    return open.get(first, second);
  }

  /** First half of the hash of the key that was looked for last. */
  long first() {
    return first;
  }

  /** Second half of it. */
  long second() {
    return second;
  }

  /** The item whose key has these hashes is done with. */
  void close(long itsFirst, long itsSecond) {
    open.remove(itsFirst, itsSecond);
  }

  private int place() {
    int mask = places - 1;
    int place = (int) first & mask;
    for (int at = LONGS * place;
        table[at + 1] != 0 && (table[at] != first || table[at + 1] != second);
        at = LONGS * place) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /**
   * Keys that differ in their last byte alone, as consecutive numbers do, get places side by side:
   * a table of millions of keys is not in cache, and each place would have to be fetched.
   */
  private void hash(ByteBuffer bytes, int from, int to) {
    int last = to - 1;
    long a = PRIME_1 * (to - from);
    long b = PRIME_2 ^ (to - from);
    int at = from;
    for (; at + Long.BYTES <= last; at += Long.BYTES) {
      long word = bytes.getLong(at);
      a = mix(a ^ word, PRIME_1);
      b = mix(b + word, PRIME_2);
    }
    long rest = 0;
    for (; at < last; at++) {
      rest = rest << 8 | (bytes.get(at) & 0xff);
    }
    byte end = last < from ? 0 : bytes.get(last);
    first = (mix(mix(a ^ rest, PRIME_1), PRIME_2) & -NEIGHBOURS) | (end & (NEIGHBOURS - 1));
    second = mix(mix(b + (rest << 8 | (end & 0xff)), PRIME_2), PRIME_1) | 1;
  }

  private static long mix(long value, long prime) {
    long product = (value ^ (value >>> 32)) * prime;
    return product ^ (product >>> 29);
  }

  private void grow() {
    long[] old = table;
    long keepFirst = first;
    long keepSecond = second;
    places *= 2;
    table = new long[Math.multiplyExact(LONGS, places)];
    for (int from = 0; from < old.length; from += LONGS) {
      if (old[from + 1] != 0) {
        first = old[from];
        second = old[from + 1];
        System.arraycopy(old, from, table, LONGS * place(), LONGS);
      }
    }
    first = keepFirst;
    second = keepSecond;
  }
}
