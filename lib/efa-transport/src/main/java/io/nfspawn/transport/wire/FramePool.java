package io.nfspawn.transport.wire;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Frames whose arrays are used again: last used first, so that they are in cache. Arrays come in
 * steps, so that a frame that is held for long holds hardly more than its length. Thread-safe.
 */
public final class FramePool {
  static final FramePool NONE = new FramePool(0);

  private static final int SHORT_STEP_BYTES = 128;
  private static final int LONG_STEP_BYTES = 1 << 10;
  private static final int SHORT_STEPS = LONG_STEP_BYTES / SHORT_STEP_BYTES;
  private static final int STEPS = 160;

  private final long mostIdleBytes;
  private final @Nullable ArrayDeque<Frame>[] idle = stacks();
  private long idleBytes;

  /**
   * @param mostIdleBytes what may wait to be used again
   */
  public FramePool(long mostIdleBytes) {
    this.mostIdleBytes = mostIdleBytes;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Arrays of generics are made like that.
  private static @Nullable ArrayDeque<Frame>[] stacks() {
    return new ArrayDeque[STEPS];
  }

  /** A frame of that length, whose bytes are to be written. */
  public Frame take(int lengthBytes) {
    int step = step(lengthBytes);
    Frame frame = step < STEPS ? idle(step) : null;
    if (frame == null) {
      frame = new Frame(new byte[step < STEPS ? bytes(step) : lengthBytes], this);
    }
    frame.begin(lengthBytes);
    return frame;
  }

  private synchronized @Nullable Frame idle(int step) {
    ArrayDeque<Frame> frames = idle[step];
    Frame frame = frames == null ? null : frames.poll();
    idleBytes -= frame == null ? 0 : frame.bytes().length;
    return frame;
  }

  synchronized void give(Frame frame) {
    int length = frame.bytes().length;
    int step = step(length);
    if (step >= STEPS || bytes(step) != length || idleBytes + length > mostIdleBytes) {
      return;
    }
    ArrayDeque<Frame> frames = idle[step];
    if (frames == null) {
      frames = new ArrayDeque<>();
      idle[step] = frames;
    }
    frames.push(frame);
    idleBytes += length;
  }

  /** Below 1 KiB in steps of 128 bytes, above of 1 KiB. */
  private static int step(int lengthBytes) {
    return lengthBytes <= LONG_STEP_BYTES
        ? Math.max(0, (lengthBytes - 1) / SHORT_STEP_BYTES)
        : SHORT_STEPS + (lengthBytes - LONG_STEP_BYTES - 1) / LONG_STEP_BYTES;
  }

  private static int bytes(int step) {
    return step < SHORT_STEPS
        ? (step + 1) * SHORT_STEP_BYTES
        : LONG_STEP_BYTES + (step - SHORT_STEPS + 1) * LONG_STEP_BYTES;
  }
}
