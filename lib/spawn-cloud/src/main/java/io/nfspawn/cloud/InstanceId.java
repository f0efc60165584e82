package io.nfspawn.cloud;

/**
 * Names one instance within a run, chosen by the driver before launch so that a launch can be
 * repeated safely.
 */
public record InstanceId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
