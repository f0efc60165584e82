package io.nfspawn.transport.core;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who was turned away: once a minute for each connection, and for each host and reason, and
 * never more than {@value #MOST_LINES} lines a minute however many knock.
 */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
  private static final long QUIET_NANOS = 60_000_000_000L;
  private static final int MOST_PEERS = 256;
  private static final int MOST_LINES = 20;

  private final Map<String, Long> lastSaid =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_PEERS;
        }
      };

  private long windowStartNanos;
  private int saidInWindow;

  /** Logs it unless that was done a moment ago; true when it was logged. */
  boolean refused(String peer, String reason, long nowNanos) {
    int port = peer.lastIndexOf(':');
    String host = port < 0 ? peer : peer.substring(0, port);
    boolean knownPeer = port >= 0 && isKnown(peer, nowNanos);
    boolean knownReason = isKnown(host + " " + reason, nowNanos);
    if (nowNanos - windowStartNanos >= QUIET_NANOS || saidInWindow == 0) {
      windowStartNanos = nowNanos;
      saidInWindow = 0;
    }
    if (knownPeer || knownReason || saidInWindow >= MOST_LINES) {
      return false;
    }
    saidInWindow++;
    log.warn("event=stranger_refused peer={} reason=\"{}\"", peer, reason);
    return true;
  }

  private boolean isKnown(String what, long nowNanos) {
    Long last = lastSaid.putIfAbsent(what, nowNanos);
    if (last != null && nowNanos - last >= QUIET_NANOS) {
      lastSaid.put(what, nowNanos);
      return false;
    }
    return last != null;
  }
}
