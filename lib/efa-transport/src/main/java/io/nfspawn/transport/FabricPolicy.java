package io.nfspawn.transport;

/** Whether a libfabric wire must, may or must not be used. */
public enum FabricPolicy {
  REQUIRED,
  PREFERRED,
  OFF
}
