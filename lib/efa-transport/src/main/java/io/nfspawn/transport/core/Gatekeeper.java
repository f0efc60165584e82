package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelEvent;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.frame.Handshake;
import io.nfspawn.transport.frame.Handshake.Greeting;
import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.wire.Wire;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells members from strangers, and says who was turned away. A ticket is a HELLO of its own: it
 * proves its member as that does. Owned by the channel's thread.
 */
final class Gatekeeper implements Wire.Gate {
  private final Membership membership;
  private final Handshake handshake;
  private final Consumer<Greeting> admitted;
  private final Consumer<ChannelEvent> events;
  private final LongSupplier nowNanos;
  private final Tickets tickets = new Tickets();
  private final RefusalLog refusals = new RefusalLog();

  Gatekeeper(
      Membership membership,
      Handshake handshake,
      Consumer<Greeting> admitted,
      Consumer<ChannelEvent> events,
      LongSupplier nowNanos) {
    this.membership = membership;
    this.handshake = handshake;
    this.admitted = admitted;
    this.events = events;
    this.nowNanos = nowNanos;
  }

  @Override
  public boolean admits(byte[] ticket, String from) {
    try {
      Greeting greeting = handshake.readHello(ticket);
      checkRank(greeting.rank());
      tickets.take(ticket);
      admitted.accept(greeting);
      return true;
    } catch (MalformedFrameException e) {
      refuse(from, String.valueOf(e.getMessage()));
      return false;
    }
  }

  /**
   * @throws MalformedFrameException when no other member can have it
   */
  void checkRank(int rank) {
    if (rank < 0 || rank >= membership.size() || rank == membership.rank()) {
      throw new MalformedFrameException(
          "claims rank %d of %d, this is %d".formatted(rank, membership.size(), membership.rank()));
    }
  }

  void refuse(String from, String reason) {
    if (refusals.refused(from, reason, nowNanos.getAsLong())) {
      events.accept(new ChannelEvent.StrangerRefused(from, reason));
    }
  }
}
