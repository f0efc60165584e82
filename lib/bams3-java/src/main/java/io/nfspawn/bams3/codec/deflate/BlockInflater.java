package io.nfspawn.bams3.codec.deflate;

/**
 * Inflates deflate streams, one after the other, each whole. Not thread-safe; the caller closes.
 */
public interface BlockInflater extends AutoCloseable {

  /**
   * Inflates one stream.
   *
   * @param expectedBytes what it must come to
   * @return whether it did: false means that the stream is damaged or inflates to another length
   */
  boolean inflate(
      byte[] source,
      int offset,
      int lengthBytes,
      byte[] target,
      int targetOffset,
      int expectedBytes);

  @Override
  void close();
}
