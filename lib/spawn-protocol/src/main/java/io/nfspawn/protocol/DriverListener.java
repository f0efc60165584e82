package io.nfspawn.protocol;

import io.nfspawn.protocol.wire.DriverMessage;

/**
 * What an agent hears from its driver, in the order sent, one call at a time, on the connection's
 * thread: implementations hand over and return.
 */
public interface DriverListener {

  /** Any message but a refusal. */
  void message(DriverMessage message);

  /**
   * The stream is over: the driver refused, ended or cannot be reached. Called once, last.
   *
   * @param reason one line for the log: what happened and where
   */
  void disconnected(String reason);
}
