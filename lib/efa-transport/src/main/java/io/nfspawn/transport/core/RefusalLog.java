package io.nfspawn.transport.core;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says who was turned away: once a minute for each peer and reason, however often he knocks. */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
  private static final long QUIET_NANOS = 60_000_000_000L;
  private static final int MOST_PEERS = 256;

  private final Map<String, Long> lastSaid =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_PEERS;
        }
      };

  /** Logs it unless that was done a moment ago; true when it was logged. */
  boolean refused(String peer, String reason, long nowNanos) {
    Long last = lastSaid.get(peer + reason);
    if (last != null && nowNanos - last < QUIET_NANOS) {
      return false;
    }
    lastSaid.put(peer + reason, nowNanos);
    log.warn("event=stranger_refused peer={} reason=\"{}\"", peer, reason);
    return true;
  }
}
