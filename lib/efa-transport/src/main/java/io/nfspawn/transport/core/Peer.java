package io.nfspawn.transport.core;

import io.nfspawn.transport.wire.Wire;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the channel's thread knows of one other member. */
final class Peer {

  /** Where its life stands. */
  enum State {
    UNKNOWN,
    JOINED,
    LEFT,
    LOST
  }

  final int rank;
  State state = State.UNKNOWN;
  long instance;
  long lastHeardNanos;

  /** Since when no session leads to it; -1 while one does. */
  long downSinceNanos = -1;

  /** True when a pattern of this side needs to dial it. */
  boolean wanted;

  long wantedSinceNanos;
  @Nullable Session dialled;
  @Nullable Session accepted;

  /** A handshake under way. */
  Wire.@Nullable Link dialling;

  /** Where {@link #dialling} leads. */
  String dialledEndpoint = "";

  byte @Nullable [] hello;
  long dialStartedNanos;

  /** How often in a row it was dialled and nothing came of it. */
  int unanswered;

  /** Where a session was given up for another one: kept until that one stands. */
  Wire.@Nullable Link former;

  long nextDialNanos;
  String lostReason = "";

  /** Since when it answers that our rank is taken; -1 while it does not. */
  long refusedSinceNanos = -1;

  Peer(int rank) {
    this.rank = rank;
  }

  /** It is here, by this session. */
  void join(Session session, long nowNanos) {
    state = State.JOINED;
    instance = session.instance;
    lastHeardNanos = nowNanos;
    downSinceNanos = -1;
    session.establishedNanos = nowNanos;
    session.lastSentNanos = nowNanos;
    if (session.dialled) {
      dialled = session;
    } else {
      accepted = session;
    }
  }

  /** From now on it is dialled. */
  void want(long nowNanos) {
    if (!wanted) {
      wanted = true;
      wantedSinceNanos = nowNanos;
    }
  }

  /** That time does not count against it. */
  void forgive(long nanos) {
    lastHeardNanos += nanos;
    if (downSinceNanos >= 0) {
      downSinceNanos += nanos;
    }
  }

  /** A connection to it broke: without another it has little time to come back. */
  void broke(long nowNanos) {
    if (!hasSession() && downSinceNanos < 0) {
      downSinceNanos = nowNanos;
    }
  }

  boolean isGone() {
    return state == State.LEFT || state == State.LOST;
  }

  List<Session> sessions() {
    return Stream.of(dialled, accepted).filter(Objects::nonNull).toList();
  }

  boolean hasSession() {
    return dialled != null || accepted != null;
  }
}
