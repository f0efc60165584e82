package io.nfspawn.transport.fabric;

/** Memory that one domain's device may read and write. Its owner closes it before the memory. */
public interface MemoryRegion extends AutoCloseable {

  /** What a peer must name to read it. */
  long key();

  /** What a peer must name as the address of its byte {@code offset}. */
  long remoteAddress(long offset);

  long sizeBytes();

  @Override
  void close();
}
