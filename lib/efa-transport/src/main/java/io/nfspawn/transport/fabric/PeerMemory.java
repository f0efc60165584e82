package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;

/**
 * Memory of another process of this user on this machine, which the kernel copies without that
 * process's help: also while it is stopped, and with an answer at once when it is gone. Not
 * thread-safe.
 */
public interface PeerMemory {

  /**
   * Copies {@code lengthBytes} from {@code address} there to the start of direct memory here.
   *
   * @return false when not all of that can be read: nothing lies there, the process is gone, or the
   *     system does not allow it
   */
  boolean read(long address, ByteBuffer into, int lengthBytes);

  /** As the other, to the start of a region; allocates nothing. */
  boolean read(long address, MemoryRegion into, int lengthBytes);
}
