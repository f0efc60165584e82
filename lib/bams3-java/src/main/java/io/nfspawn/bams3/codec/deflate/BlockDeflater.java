package io.nfspawn.bams3.codec.deflate;

/** Deflates blocks, one after the other, each whole. Not thread-safe; the caller closes. */
public interface BlockDeflater extends AutoCloseable {

  /**
   * Deflates one block into one stream.
   *
   * @param roomBytes how long it may become
   * @return its length in bytes; 0 when it would not fit
   */
  int deflate(
      byte[] source, int offset, int lengthBytes, byte[] target, int targetOffset, int roomBytes);

  @Override
  void close();
}
