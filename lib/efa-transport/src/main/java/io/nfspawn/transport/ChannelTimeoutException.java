package io.nfspawn.transport;

/** Something did not happen in the time allowed; nothing is broken by it. */
public final class ChannelTimeoutException extends ChannelException {

  public ChannelTimeoutException(String message) {
    super(message);
  }
}
