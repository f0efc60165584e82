package io.nfspawn.protocol;

/** The version of the messages both ends must speak; a driver refuses agents of another. */
public final class ProtocolVersion {
  public static final int CURRENT = 1;

  private ProtocolVersion() {}
}
