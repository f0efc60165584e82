package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;

/**
 * Reliable-datagram endpoint with its domain, address vector and completion queue. Operations are
 * posted under a number that comes back with their completion; their memory must stay registered
 * until then. Nothing is ordered. Not thread-safe; every call after {@link #close} throws.
 */
public interface RdmEndpoint extends AutoCloseable {

  /** Numbers of operations are below this. */
  int MOST_OPERATIONS = 16_384;

  /** Takes completions. */
  interface Completions {
    /**
     * @param operation number it was posted under
     * @param lengthBytes bytes received; of no meaning for other operations
     */
    void onDone(int operation, int lengthBytes);

    /**
     * @param reason for logs
     */
    void onFailed(int operation, int error, String reason);
  }

  String provider();

  /** What others insert to reach this one. */
  byte[] address();

  /** Puts a peer into the address vector; the number to name it by. */
  long insert(byte[] address);

  /**
   * Registers direct memory, position and limit notwithstanding, for being sent from and read by
   * peers.
   *
   * @param written true when messages or reads are to land in it as well
   */
  MemoryRegion register(ByteBuffer memory, boolean written);

  /** How many messages there may be posted room for at one time. */
  int mostReceives();

  /** Posts room for one message; false when the provider wants to be polled first. */
  boolean receive(int operation, MemoryRegion into, long offset, long lengthBytes);

  /** Posts a message; false when the provider wants to be polled first: back pressure. */
  boolean send(int operation, long peer, MemoryRegion from, long offset, long lengthBytes);

  /** Longest message that {@link #inject} takes; 0 when it takes none. */
  int mostInjectedBytes();

  /**
   * As {@link #send}, of a short message: its memory may be used again at once, and nothing is told
   * of its end.
   */
  boolean inject(long peer, MemoryRegion from, long offset, long lengthBytes);

  /** Posts a read of a peer's registered memory; false as above. */
  boolean read(
      int operation,
      long peer,
      MemoryRegion into,
      long offset,
      long lengthBytes,
      long remoteAddress,
      long remoteKey);

  /** True when nothing was posted since a poll found nothing. */
  boolean isSettled();

  /** Makes progress and hands over completions that are here; returns how many. Never waits. */
  int poll(Completions to);

  @Override
  void close();
}
