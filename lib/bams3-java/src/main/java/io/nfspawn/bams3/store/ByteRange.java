package io.nfspawn.bams3.store;

/**
 * Part of an object.
 *
 * @param offset first byte, counted from 0
 * @param lengthBytes how many
 */
public record ByteRange(long offset, int lengthBytes) {

  public ByteRange {
    if (offset < 0 || lengthBytes < 0) {
      throw new IllegalArgumentException(
          "range of %d bytes from %d; neither may be negative".formatted(lengthBytes, offset));
    }
  }

  /** One past the last byte. */
  public long end() {
    return offset + lengthBytes;
  }
}
