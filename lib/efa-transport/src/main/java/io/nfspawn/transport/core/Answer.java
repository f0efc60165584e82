package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.Writable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An ACK or RENEW that waits to be sent, about one item or {@link Ranges} of them; it says another
 * one once it has been written. Owned by the channel's thread.
 */
final class Answer implements Writable {
  /** Where those wait that have been written. */
  static final class Pool {
    private final Deque<Answer> spares = new ArrayDeque<>();

    Answer take() {
      Answer spare = spares.poll();
      return spare == null ? new Answer(this) : spare;
    }
  }

  private final Pool pool;
  private final long[] firsts = new long[Ranges.MOST];
  private final int[] counts = new int[Ranges.MOST];
  private Message.Type type = Message.Type.ACK;
  private int stream;
  private int size;

  private Answer(Pool pool) {
    this.pool = pool;
  }

  /** Says this about no item yet. */
  void begin(Message.Type whatItSays, int ofStream) {
    type = whatItSays;
    stream = ofStream;
    size = 0;
  }

  /** Adds a range; there is room for {@link Ranges#MOST}. */
  void add(long first, int count) {
    firsts[size] = first;
    counts[size++] = count;
  }

  private int partBytes() {
    return size == 1 && counts[0] == 1 ? 0 : Ranges.bytes(size);
  }

  @Override
  public int lengthBytes() {
    return Message.HEADER_BYTES + partBytes();
  }

  @Override
  public void write(ByteBuffer out) {
    int partBytes = partBytes();
    Message.writeHead(out, type, stream, firsts[0], partBytes);
    if (partBytes > 0) {
      Ranges.write(out, firsts, counts, size);
    }
    pool.spares.push(this);
  }
}
