package io.nfspawn.transport.wire;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A frame that arrived: the first bytes of an array, which is used for another frame once the last
 * holder has released it. It starts with one holder, who got it. Thread-safe, but for its bytes.
 */
public final class Frame {
  private final byte[] bytes;
  private final FramePool pool;
  private final AtomicInteger holders = new AtomicInteger(1);
  private int lengthBytes;

  /** Behind it in its pool. */
  @Nullable Frame next;

  Frame(byte[] bytes, FramePool pool) {
    this.bytes = bytes;
    this.pool = pool;
  }

  /** One with an array of its own that nobody uses again. */
  public static Frame of(byte[] bytes) {
    Frame frame = new Frame(bytes, FramePool.NONE);
    frame.lengthBytes = bytes.length;
    return frame;
  }

  void begin(int newLengthBytes) {
    lengthBytes = newLengthBytes;
    holders.setPlain(1); // Whoever else gets to know of it does so by way of a monitor.
  }

  /** Its bytes, and perhaps more room behind them. */
  public byte[] bytes() {
    return bytes;
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  /** An array of exactly its bytes. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, lengthBytes);
  }

  /** It has so many more holders. */
  public void retain(int more) {
    holders.addAndGet(more);
  }

  /** So many holders read it no more. */
  public void release(int fewer) {
    if (isLast(fewer)) {
      pool.give(this);
    }
  }

  /** As {@link #release}, by the thread whose turn it is to take frames from the pool. */
  public void releaseInTurn(int fewer) {
    if (isLast(fewer)) {
      pool.keep(this);
    }
  }

  /** If nobody else holds it, nobody else can count meanwhile. */
  private boolean isLast(int fewer) {
    return holders.getAcquire() == fewer || holders.addAndGet(-fewer) == 0;
  }
}
