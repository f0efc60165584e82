package io.nfspawn.transport;

/** The channel cannot do what was asked; the message says what, where and what to do. */
public class ChannelException extends RuntimeException {

  public ChannelException(String message) {
    super(message);
  }

  public ChannelException(String message, Throwable cause) {
    super(message, cause);
  }
}
