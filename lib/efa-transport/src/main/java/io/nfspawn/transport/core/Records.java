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

  /** Got at once: as many as there are, up to this. */
  private static final int MOST_BLOCKS = 64;

  private final int recordBytes;
  private final List<ByteBuffer> blocks = new ArrayList<>();

  /** Memory for more blocks. */
  private ByteBuffer room = ByteBuffer.allocate(0);

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
      blocks.add(newBlock().order(ByteOrder.nativeOrder()));
    }
    return size++;
  }

  private ByteBuffer newBlock() {
    int lengthBytes = recordBytes * IN_BLOCK;
    if (blocks.size() < BLOCKS_ON_HEAP) {
      return ByteBuffer.allocate(lengthBytes);
    }
    if (!room.hasRemaining()) {
      room = ByteBuffer.allocateDirect(lengthBytes * Math.min(MOST_BLOCKS, blocks.size()));
    }
    ByteBuffer block = room.slice(room.position(), lengthBytes);
    room.position(room.position() + lengthBytes);
    return block;
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
