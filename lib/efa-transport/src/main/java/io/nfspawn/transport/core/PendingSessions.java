package io.nfspawn.transport.core;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that were offered to who said HELLO and that he has not proved yet. A recorded HELLO
 * makes one; the eldest goes, so that they cannot pile up. Each HELLO makes but one, however often
 * it is repeated: who is slow to answer uses the first WELCOME he gets, whose session would be the
 * eldest.
 */
final class PendingSessions {
  private final Map<Long, Pending> byId;

  private static final class Pending {
    final Session session;
    final byte[] hello;
    final byte[] welcome;

    Pending(Session session, byte[] hello, byte[] welcome) {
      this.session = session;
      this.hello = hello;
      this.welcome = welcome;
    }
  }

  PendingSessions(int most) {
    this.byId = new EldestOutMap<>(most);
  }

  /** What this HELLO was answered before, to be sent again; null when it is new. */
  byte @Nullable [] answerTo(byte[] hello) {
    for (Pending each : byId.values()) {
      if (Arrays.equals(each.hello, hello)) {
        return each.welcome.clone();
      }
    }
    return null;
  }

  void put(Session session, byte[] hello, byte[] welcome) {
    byId.put(session.id, new Pending(session, hello, welcome));
  }

  @Nullable Session get(long id) {
    Pending found = byId.get(id);
    return found == null ? null : found.session;
  }

  void remove(long id) {
    byId.remove(id);
  }
}
