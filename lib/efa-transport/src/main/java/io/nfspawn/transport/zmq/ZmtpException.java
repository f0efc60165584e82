package io.nfspawn.transport.zmq;

import java.io.IOException;

/** The other side does not speak as ZMTP demands, or refused us: its connection ends. */
final class ZmtpException extends IOException {
  private static final long serialVersionUID = 1;

  ZmtpException(String message) {
    super(message);
  }
}
