package io.nfspawn.plugin.scheduler;

/** Names a gang within a run: the {@code id} of {@code ext.gang}. */
public record GangId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
