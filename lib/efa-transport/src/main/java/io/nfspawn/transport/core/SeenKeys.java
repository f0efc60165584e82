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

  /** Two a place: hashes, the second never 0 where there is a key. */
  private long[] hashes = new long[2 * FIRST_PLACES];

  /** Two a place: checksum, length. */
  private int[] payloads = new int[2 * FIRST_PLACES];

  private @Nullable Object[] open = new Object[FIRST_PLACES];
  private int size;
  private ByteBuffer scratch = ByteBuffer.allocate(64);

  /** Hashes of the key that was asked for last. */
  private long first;

  private long second;

  /** The place of the key between {@code from} and {@code to}; negative when it is new. */
  int find(ByteBuffer bytes, int from, int to) {
    hash(bytes, from, to);
    int place = place();
    return hashes[2 * place + 1] == 0 ? -1 : place;
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
    if (++size * 2 > open.length) {
      grow();
    }
    int place = place();
    hashes[2 * place] = first;
    hashes[2 * place + 1] = second;
    payloads[2 * place] = checksum;
    payloads[2 * place + 1] = lengthBytes;
    open[place] = value;
  }

  boolean hasPayload(int place, int checksum, int lengthBytes) {
    return payloads[2 * place] == checksum && payloads[2 * place + 1] == lengthBytes;
  }

  /** What stands for the item; null when it is done with. */
  @SuppressWarnings("unchecked") // Only values are put in.
  @Nullable V open(int place) {
    return (V) open[place];
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
    first = itsFirst;
    second = itsSecond;
    open[place()] = null;
  }

  private int place() {
    int mask = open.length - 1;
    int place = (int) first & mask;
    while (hashes[2 * place + 1] != 0
        && (hashes[2 * place] != first || hashes[2 * place + 1] != second)) {
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
    long[] oldHashes = hashes;
    int[] oldPayloads = payloads;
    @Nullable Object[] oldOpen = open;
    long keepFirst = first;
    long keepSecond = second;
    hashes = new long[2 * oldHashes.length];
    payloads = new int[2 * oldPayloads.length];
    open = new Object[2 * oldOpen.length];
    for (int i = 0; i < oldOpen.length; i++) {
      if (oldHashes[2 * i + 1] != 0) {
        first = oldHashes[2 * i];
        second = oldHashes[2 * i + 1];
        int place = place();
        hashes[2 * place] = first;
        hashes[2 * place + 1] = second;
        payloads[2 * place] = oldPayloads[2 * i];
        payloads[2 * place + 1] = oldPayloads[2 * i + 1];
        open[place] = oldOpen[i];
      }
    }
    first = keepFirst;
    second = keepSecond;
  }
}
