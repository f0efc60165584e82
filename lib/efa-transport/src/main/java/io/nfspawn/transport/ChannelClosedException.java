package io.nfspawn.transport;

/** The channel, or this end of a pattern, has been closed. */
public final class ChannelClosedException extends ChannelException {

  public ChannelClosedException(String message) {
    super(message);
  }
}
