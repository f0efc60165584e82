package io.nfspawn.bams3.codec;

/** Stored bytes that no encoder makes. The message says what is wrong; callers add where. */
public final class CodecException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int stream;

  public CodecException(String problem) {
    this(-1, problem);
  }

  /**
   * @param stream what {@link ByteSource#moveTo} was told, -1 when nothing
   */
  public CodecException(int stream, String problem) {
    super(problem);
    this.stream = stream;
  }

  /** Which stream is meant; -1 when none. */
  public int stream() {
    return stream;
  }
}
