package io.nfspawn.transport;

/** How the frames of a channel are protected; every member of a gang must use the same. */
public enum Encryption {
  /** AES-256-GCM: contents are secret and authentic. */
  REQUIRED,
  /**
   * Contents are authentic; a wire may encrypt them too where that costs less, as ZeroMQ's does.
   */
  AUTHENTICATE,
  /** Only the handshake is authenticated: for measurements on a network one owns. */
  OFF
}
