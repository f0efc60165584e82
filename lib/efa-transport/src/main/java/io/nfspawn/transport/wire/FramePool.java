package io.nfspawn.transport.wire;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Frames whose arrays are used again: last used first, so that they are in cache. Arrays come in
 * steps, so that a frame that is held for long holds hardly more than its length.
 *
 * <p>One thread at a time takes, the one whose turn it is to run the channel; frames are given back
 * by any thread. What this thread gives back itself costs no atomic operation: one that follows a
 * call into a device's queues waits until what was written there has left the core.
 */
public final class FramePool {
  static final FramePool NONE = new FramePool(0);

  private static final int SHORT_STEP_BYTES = 128;
  private static final int LONG_STEP_BYTES = 1 << 10;
  private static final int SHORT_STEPS = LONG_STEP_BYTES / SHORT_STEP_BYTES;
  private static final int STEPS = 160;

  /** So often what others gave back is sorted in, though there is something to take. */
  private static final int TAKES = 64;

  private final long mostIdleBytes;

  /** The last used of each step, the others behind it; of who takes. */
  private final @Nullable Frame[] idle = new Frame[STEPS];

  private long idleBytes;
  private int takes;

  /** What others gave back, the last one first. */
  private final AtomicReference<@Nullable Frame> returned = new AtomicReference<>();

  /**
   * @param mostIdleBytes what may wait to be used again
   */
  public FramePool(long mostIdleBytes) {
    this.mostIdleBytes = mostIdleBytes;
  }

  /** A frame of that length, whose bytes are to be written. */
  public Frame take(int lengthBytes) {
    int step = step(lengthBytes);
    Frame frame = step < STEPS ? takeIdle(step) : null;
    if (frame == null) {
      frame = new Frame(new byte[step < STEPS ? bytes(step) : lengthBytes], this);
    }
    frame.begin(lengthBytes);
    return frame;
  }

  private @Nullable Frame takeIdle(int step) {
    if (idle[step] == null || ++takes % TAKES == 0) {
      sortIn();
    }
    Frame frame = idle[step];
    if (frame != null) {
      idle[step] = frame.next;
      frame.next = null;
      idleBytes -= frame.bytes().length;
    }
    return frame;
  }

  private void sortIn() {
    if (returned.getPlain() == null) {
      return;
    }
    Frame frame = eldestFirst(returned.getAndSet(null));
    while (frame != null) {
      Frame later = frame.next;
      keep(frame);
      frame = later;
    }
  }

  private static @Nullable Frame eldestFirst(@Nullable Frame last) {
    Frame turned = null;
    for (Frame frame = last; frame != null; ) {
      Frame earlier = frame.next;
      frame.next = turned;
      turned = frame;
      frame = earlier;
    }
    return turned;
  }

  /** By who takes. */
  void keep(Frame frame) {
    int length = frame.bytes().length;
    int step = step(length);
    frame.next = null;
    if (step < STEPS && bytes(step) == length && idleBytes + length <= mostIdleBytes) {
      frame.next = idle[step];
      idle[step] = frame;
      idleBytes += length;
    }
  }

  /** By any thread. */
  void give(Frame frame) {
    if (mostIdleBytes == 0) {
      return;
    }
    Frame first;
    do {
      first = returned.get();
      frame.next = first;
    } while (!returned.compareAndSet(first, frame));
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
