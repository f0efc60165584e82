package io.nfspawn.transport.frame;

/** Bytes that are no frame, or a frame that was not sealed by a member. */
public final class MalformedFrameException extends RuntimeException {

  public MalformedFrameException(String message) {
    // No stack trace: a stranger decides how often these are made.
    super(message, null, false, false);
  }
}
