package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** One end of a pattern, as the loop sees it. Every method is called by the channel's thread. */
interface Stream {

  /** Kinds of patterns: both ends of one pattern have the same. */
  enum Kind {
    QUEUE,
    PUSH,
    BARRIER,
    BROADCAST
  }

  /** The number a stream has in messages. */
  static int idOf(Kind kind, String name) {
    CRC32C crc = new CRC32C();
    crc.update((kind + ":" + name).getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** A session that this side dialled stands (again). */
  void onDialled(Session session);

  void onMessage(Session session, Message message);

  /**
   * An item, acknowledgement or renewal where {@code at} stands. May move it on over those of this
   * stream that follow, so that it stands at the last one taken.
   */
  default void onHot(Session session, MessageCursor at) {
    at.frame().retain(1); // For good: the message may be kept, and nobody says for how long.
    onMessage(session, at.message());
  }

  /** The session is over; the peer may come back with another. */
  void onSessionDown(Session session);

  /** The peer is lost or has left. */
  void onPeerGone(int rank, String reason);

  /** Sends what can be sent; called often. */
  void dispatch(long nowNanos);

  /**
   * True while others still need what this end hands on, though its application is done with it.
   */
  default boolean lingers() {
    return false;
  }

  /** The channel is closing, or its thread died of {@code cause}. */
  void onChannelClosed(String cause);
}
