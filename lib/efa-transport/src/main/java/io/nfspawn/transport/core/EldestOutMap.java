package io.nfspawn.transport.core;

import java.util.LinkedHashMap;
import java.util.Map;

/** Forgets its eldest entry when there are too many. */
final class EldestOutMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int most;

  EldestOutMap(int most) {
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
