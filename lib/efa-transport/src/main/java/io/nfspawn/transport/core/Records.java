package io.nfspawn.transport.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of one length, numbered from 0, that are kept for good: after the first ones outside of
 * the heap, where no garbage collector copies them. Not thread-safe.
 */
final class Records {
  private static final int IN_BLOCK = 1 << 10;

  /** Most streams are short, and memory outside of the heap is slow to get. */
  private static final int BLOCKS_ON_HEAP = 4;

  private final int recordBytes;
  private final List<ByteBuffer> blocks = new ArrayList<>();
  private int size;

  Records(int recordBytes) {
    this.recordBytes = recordBytes;
  }

  int size() {
    return size;
  }

  /** Adds one of zeros; returns its number. */
  int add() {
    if (size == IN_BLOCK * blocks.size()) {
      int lengthBytes = recordBytes * IN_BLOCK;
      ByteBuffer block =
          blocks.size() < BLOCKS_ON_HEAP
              ? ByteBuffer.allocate(lengthBytes)
              : ByteBuffer.allocateDirect(lengthBytes);
      blocks.add(block.order(ByteOrder.nativeOrder()));
    }
    return size++;
  }

  /** The {@code which}th long of a record. */
  long longAt(int number, int which) {
    return block(number).getLong(place(number) + which * Long.BYTES);
  }

  void putLong(int number, int which, long value) {
    block(number).putLong(place(number) + which * Long.BYTES, value);
  }

  int intAt(int number, int which) {
    return block(number).getInt(place(number) + which * Integer.BYTES);
  }

  void putInt(int number, int which, int value) {
    block(number).putInt(place(number) + which * Integer.BYTES, value);
  }

  private ByteBuffer block(int number) {
    return blocks.get(number / IN_BLOCK);
  }

  private int place(int number) {
    return recordBytes * (number % IN_BLOCK);
  }
}
