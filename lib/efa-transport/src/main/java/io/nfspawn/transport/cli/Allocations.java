package io.nfspawn.transport.cli;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes that this process's threads allocate on the heap, those excepted that are not to count. */
final class Allocations {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long exceptedBytes;
  private long startBytes;

  /** Counts from here. */
  void start() {
    startBytes = allBytes();
    exceptedBytes = 0;
  }

  /** Runs what belongs to the measurement, not to what is measured. */
  <T> T except(java.util.function.Supplier<T> work) {
    long before = ownBytes();
    T result = work.get();
    exceptedBytes += ownBytes() - before;
    return result;
  }

  /** Allocated since {@link #start}. */
  long bytes() {
    return allBytes() - startBytes - exceptedBytes;
  }

  private long ownBytes() {
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private long allBytes() {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }
}
