package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The sessions that stand: few, and gone through in every turn. Owned by the channel's thread. */
final class SessionTable {
  /** Replaced as a whole. */
  private Session[] sessions = {};

  /** As they are now; not to be changed. */
  Session[] all() {
    return sessions;
  }

  @Nullable Session get(long id) {
    for (Session session : sessions) {
      if (session.id == id) {
        return session;
      }
    }
    return null;
  }

  void add(Session session) {
    int count = sessions.length;
    sessions = Arrays.copyOf(sessions, count + 1);
    sessions[count] = session;
  }

  void remove(Session session) {
    sessions = Arrays.stream(sessions).filter(each -> each != session).toArray(Session[]::new);
  }

  boolean hasUnsent() {
    for (Session session : sessions) {
      if (session.hasUnsent()) {
        return true;
      }
    }
    return false;
  }

  /** Lets go of what they have not sent. */
  void discard() {
    for (Session session : sessions) {
      session.discard();
    }
  }

  void sendToAll(Message message) {
    for (Session session : sessions) {
      session.send(message);
    }
  }
}
