package io.nfspawn.transport.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Every key there ever was, by the order of arrival, in 24 bytes each, outside of the heap: 128
 * bits of hash in place of the key (that any two of 10⁹ keys share them has a probability of
 * 10⁻²¹), checksum and length of the payload. Keys that come in {@linkplain KeyOrder ascending
 * order} are only written down; from the first that does not, a table of 8 to 16 bytes a key finds
 * them. Not thread-safe.
 */
final class SeenKeys {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int BLOCK_KEYS = 1 << 10;
  private static final int FIRST_PLACES = 64;
  private static final int NEIGHBOURS = 16;
  private static final long PRIME_1 = 0x9E3779B97F4A7C15L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;

  /** Three longs: two of hash; checksum and length. */
  private static final int KEY_BYTES = 3 * Long.BYTES;

  /** Most streams have few keys, and memory outside of the heap is slow to get. */
  private static final int BLOCKS_ON_HEAP = 4;

  private final KeyOrder order = new KeyOrder();
  private final List<ByteBuffer> blocks = new ArrayList<>();

  /** The last of them. */
  private ByteBuffer block = ByteBuffer.allocate(0);

  private int size;

  /** Numbers of keys, and 1; 0 where there is none. At most half full. */
  private int[] table = {};

  /** How many keys are in the table. */
  private int tabled;

  /** Hashes of the key that was asked for last. */
  private long first;

  private long second;

  /** Whether it is above all others. */
  private boolean ascends;

  /** The number of the key between {@code from} and {@code to}; negative when it is new. */
  int find(byte[] bytes, int from, int to) {
    hash(bytes, from, to);
    ascends = order.isAbove(bytes, from, to);
    if (ascends) {
      return -1;
    }
    fillTable();
    return table[place(first, second)] - 1;
  }

  /** Adds the key that was looked for last and not found; returns its number: 0, 1, 2 … */
  int add(byte[] bytes, int from, int to, int checksum, int lengthBytes) {
    if (ascends) {
      order.add(bytes, from, to);
    }
    int at = KEY_BYTES * (size % BLOCK_KEYS);
    if (at == 0) {
      block = newBlock();
      blocks.add(block);
    }
    block.putLong(at, first);
    block.putLong(at + Long.BYTES, second);
    block.putLong(at + 2 * Long.BYTES, payload(checksum, lengthBytes));
    return size++;
  }

  /** What is kept for good and grows for ever is better not copied by a garbage collector. */
  private ByteBuffer newBlock() {
    int lengthBytes = KEY_BYTES * BLOCK_KEYS;
    ByteBuffer memory =
        blocks.size() < BLOCKS_ON_HEAP
            ? ByteBuffer.allocate(lengthBytes)
            : ByteBuffer.allocateDirect(lengthBytes);
    return memory.order(ByteOrder.nativeOrder());
  }

  boolean hasPayload(int number, int checksum, int lengthBytes) {
    return word(number, 2) == payload(checksum, lengthBytes);
  }

  private static long payload(int checksum, int lengthBytes) {
    return (long) checksum << 32 | lengthBytes;
  }

  private long word(int number, int which) {
    return blocks
        .get(number / BLOCK_KEYS)
        .getLong(KEY_BYTES * (number % BLOCK_KEYS) + which * Long.BYTES);
  }

  private void fillTable() {
    if (2L * size >= table.length) {
      table = new int[Math.max(FIRST_PLACES, Math.multiplyExact(4, Integer.highestOneBit(size)))];
      tabled = 0;
    }
    for (; tabled < size; tabled++) {
      table[place(word(tabled, 0), word(tabled, 1))] = tabled + 1;
    }
  }

  /** Where in the table the key is, or would be. */
  private int place(long itsFirst, long itsSecond) {
    int mask = table.length - 1;
    int place = (int) itsFirst & mask;
    for (int number = table[place] - 1;
        number >= 0 && (word(number, 0) != itsFirst || word(number, 1) != itsSecond);
        number = table[place] - 1) {
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
