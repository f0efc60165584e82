package io.nfspawn.transport.fabric;

import io.nfspawn.transport.ChannelException;

/** A call of libfabric failed. */
public final class FabricException extends ChannelException {
  private final int code;

  /**
   * @param call the C function
   * @param code its error, positive
   * @param text what libfabric says about it
   */
  public FabricException(String call, int code, String text) {
    super(call + " failed: " + text + " (" + code + ")");
    this.code = code;
  }

  public FabricException(String message) {
    super(message);
    this.code = 0;
  }

  /** Error number of libfabric; 0 when none applies. */
  public int code() {
    return code;
  }
}
