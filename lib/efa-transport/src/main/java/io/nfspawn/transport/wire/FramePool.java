package io.nfspawn.transport.wire;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Frames whose arrays are used again: last used first, so that they are in cache. Arrays come in
 * steps, so that a frame that is held for long holds at most half as much again as its length, or
 * 511 bytes more where that is above.
 *
 * <p>One thread at a time takes, the one whose turn it is to run the channel; frames are given back
 * by any thread. What this thread gives back itself costs no atomic operation: one that follows a
 * call into a device's queues waits until what was written there has left the core.
 */
public final class FramePool {
  static final FramePool NONE = new FramePool(0);

  private static final int SHORT_STEP_BYTES = 128;
  private static final int LONG_BYTES = 1 << 10;
  private static final int SHORT_STEPS = LONG_BYTES / SHORT_STEP_BYTES;

  /** Of the lengths between one power of two and the next; a power of two itself. */
  private static final int STEPS_A_DOUBLING = 8;

  private static final int SUB_BITS = Integer.numberOfTrailingZeros(STEPS_A_DOUBLING);

  /** The last one has 256 KiB. */
  private static final int STEPS = SHORT_STEPS + 8 * STEPS_A_DOUBLING;

  /** When nothing of its step is idle, a frame gets an array of one of so many steps above. */
  private static final int STEPS_ABOVE = 3;

  /** So often what others gave back is sorted in, though there is something to take. */
  private static final int TAKES = 64;

  private final long mostIdleBytes;

  /** The last used of each step, the others behind it; of who takes. */
  private final @Nullable Frame[] idle = new Frame[STEPS];

  private long idleBytes;
  private int takes;

  /** Step that loses its frames next when there are too many. */
  private int hand;

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
    int most = Math.min(step + STEPS_ABOVE, STEPS - 1);
    for (int at = step; at <= most; at++) {
      Frame frame = idle[at];
      if (frame != null) {
        remove(frame, at);
        return frame;
      }
    }
    return null;
  }

  /** Takes the first frame out of its step. */
  private void remove(Frame frame, int step) {
    idle[step] = frame.next;
    frame.next = null;
    idleBytes -= frame.bytes().length;
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
    if (step < STEPS && bytes(step) == length && length <= mostIdleBytes) {
      makeRoom(length);
      frame.next = idle[step];
      idle[step] = frame;
      idleBytes += length;
    }
  }

  /** Lets go of frames in turn: lengths that nobody asks for any more would stay for ever. */
  private void makeRoom(int lengthBytes) {
    while (idleBytes + lengthBytes > mostIdleBytes) {
      hand = (hand + 1) % STEPS;
      Frame frame = idle[hand];
      if (frame != null) {
        remove(frame, hand);
      }
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

  /** Up to 1 KiB in steps of 128 bytes, above of an eighth of the power of two below. */
  private static int step(int lengthBytes) {
    if (lengthBytes <= LONG_BYTES) {
      return Math.max(0, (lengthBytes - 1) / SHORT_STEP_BYTES);
    }
    int power = 31 - Integer.numberOfLeadingZeros(lengthBytes - 1);
    int sub = (lengthBytes - 1) >> (power - SUB_BITS) & (STEPS_A_DOUBLING - 1);
    return SHORT_STEPS
        + (power - Integer.numberOfTrailingZeros(LONG_BYTES)) * STEPS_A_DOUBLING
        + sub;
  }

  private static int bytes(int step) {
    if (step < SHORT_STEPS) {
      return (step + 1) * SHORT_STEP_BYTES;
    }
    int above = step - SHORT_STEPS;
    int power = Integer.numberOfTrailingZeros(LONG_BYTES) + above / STEPS_A_DOUBLING;
    return (STEPS_A_DOUBLING + above % STEPS_A_DOUBLING + 1) << (power - SUB_BITS);
  }
}
