package io.nfspawn.transport.wire;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the payload bytes that code of this module copies from one place in this process's memory
 * to another, all channels together: what "without a copy" is held against. Whoever adds such a
 * copy counts it. Not counted: what a device or the kernel copies between processes, payloads of up
 * to 1 KiB, which are kept beside their key, and frames of short messages, which are written and
 * read as a whole. Thread-safe.
 */
public final class Copies {
  private static final LongAdder BYTES = new LongAdder();

  private Copies() {}

  /** So many bytes of payload are copied now. */
  public static void count(int lengthBytes) {
    BYTES.add(lengthBytes);
  }

  /** Copied since the process began. */
  public static long bytes() {
    return BYTES.sum();
  }
}
