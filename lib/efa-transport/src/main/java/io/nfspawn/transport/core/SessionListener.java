package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelEvent;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;

/** What the rest of a channel wants to know of its sessions. Called by the channel's thread. */
interface SessionListener {
  void onDialled(Session session);

  /** Items or acknowledgements from where {@code at} stands; moves it over those it takes. */
  void onHot(Session session, MessageCursor at);

  void onMessage(Session session, Message message);

  void onSessionDown(Session session);

  void onPeerGone(int rank, String reason);

  void onEvent(ChannelEvent event);
}
