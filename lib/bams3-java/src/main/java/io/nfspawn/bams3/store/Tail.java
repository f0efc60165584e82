package io.nfspawn.bams3.store;

/** The end of an object. */
public final class Tail {
  private final byte[] bytes;
  private final long objectBytes;

  /**
   * @param bytes not copied
   * @param objectBytes size of the whole object
   */
  public Tail(byte[] bytes, long objectBytes) {
    this.bytes = bytes;
    this.objectBytes = objectBytes;
  }

  /** The object's last bytes, not copied; all of it when it is no longer than was asked for. */
  public byte[] bytes() {
    return bytes;
  }

  /** Size of the whole object. */
  public long objectBytes() {
    return objectBytes;
  }

  /** Where in the object {@link #bytes} start. */
  public long offset() {
    return objectBytes - bytes.length;
  }
}
