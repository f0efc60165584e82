package io.nfspawn.protocol;

import org.jspecify.annotations.Nullable;

/** A system property that holds until it is closed: for what libraries read once and keep. */
final class BriefProperty implements AutoCloseable {
  private final String name;
  private final @Nullable String before;

  BriefProperty(String name, String value) {
    this.name = name;
    this.before = System.setProperty(name, value);
  }

  @Override
  public void close() {
    if (before == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, before);
    }
  }
}
