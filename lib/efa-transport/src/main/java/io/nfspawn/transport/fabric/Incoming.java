package io.nfspawn.transport.fabric;

import io.nfspawn.transport.fabric.WireHeader.Kind;
import io.nfspawn.transport.wire.Copies;
import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a fabric wire receives: messages become frames, in order, and what they only announce is
 * read out of the sender's memory first. Owned by the wire's thread.
 */
final class Incoming implements Reads.Listener {
  private static final Logger log = LoggerFactory.getLogger(Incoming.class);
  private static final int REPORT_AFTER = FabricLink.WINDOW / 2;

  private final SlabPool slabs;
  private final Links links;
  private final Reads reads;
  private final long longestBytes;
  private final Events events;

  /** Of the message that is taken at the moment. */
  private final WireHeader header = new WireHeader();

  private final FarNote note = new FarNote();
  private Wire.@Nullable Receiver receiver;
  private int delivered;

  /** What the wire has to do about links. */
  interface Events {
    /** The link is over. */
    void broke(FabricLink link, String reason);

    /** The peer should be told what has been received. */
    void report(FabricLink link);
  }

  /**
   * @param longestBytes longest frame or attachment that is accepted
   */
  Incoming(SlabPool slabs, Links links, List<RdmEndpoint> rails, long longestBytes, Events events) {
    this.slabs = slabs;
    this.links = links;
    this.reads = new Reads(rails, this);
    this.longestBytes = longestBytes;
    this.events = events;
  }

  /** Whom frames go to from now on; to nobody if null. */
  void receiver(Wire.@Nullable Receiver to) {
    receiver = to;
  }

  Wire.@Nullable Receiver receiver() {
    return receiver;
  }

  /** Long-reads that are under way. */
  Reads reads() {
    return reads;
  }

  /** Frames handed over so far; counts through. */
  int delivered() {
    return delivered;
  }

  /** Takes a message; its bytes are the caller's again when this returns. */
  void onMessage(ByteBuffer in) {
    if (!header.read(in)) {
      log.debug("event=message_unknown bytes={}", in.limit());
    } else if (header.kind() == Kind.DIAL) {
      onDial(header.from(), header.frameBytes(), in);
    } else {
      FabricLink link = links.get(header.to());
      if (link != null && (link.peerId == header.from() || (link.dialled && link.peerId == 0))) {
        link.peerId = header.from();
        onLinkMessage(link, in);
      }
    }
  }

  private void onDial(long from, int frameBytes, ByteBuffer in) {
    int addressBytes = in.remaining() < 2 ? -1 : in.getShort();
    if (addressBytes < 0 || in.remaining() < addressBytes || from == 0) {
      return;
    }
    byte[] text = new byte[addressBytes];
    in.get(text);
    String address = new String(text, StandardCharsets.UTF_8);
    if (in.remaining() != frameBytes) {
      return;
    }
    try {
      deliver(links.accepted(from, address), rest(in), null);
    } catch (IllegalArgumentException e) {
      log.debug("event=dial_refused reason=\"{}\"", e.getMessage());
    }
  }

  private Frame rest(ByteBuffer in) {
    int lengthBytes = in.remaining();
    Wire.Receiver to = receiver;
    Frame frame = to == null ? Frame.of(new byte[lengthBytes]) : to.room(lengthBytes);
    in.get(frame.bytes(), 0, lengthBytes);
    return frame;
  }

  private void onLinkMessage(FabricLink link, ByteBuffer in) {
    int sequence = header.sequence();
    if (!link.acknowledge(header.received())) {
      events.broke(link, "it acknowledged what was not sent");
    } else if (header.kind() != Kind.RECEIVED && link.expects(sequence)) {
      boolean far = header.kind() == Kind.FAR;
      if (far && !link.isTrusted()) {
        events.broke(link, "it announced memory before it proved itself");
      } else if ((far && !note.read(in, longestBytes)) || in.remaining() != header.frameBytes()) {
        events.broke(link, "it announced what cannot be read");
      } else if (far) {
        fetch(link, sequence, rest(in));
      } else {
        accept(link, sequence, rest(in));
      }
    }
  }

  private void accept(FabricLink link, int sequence, Frame frame) {
    if (!link.takeAtOnce(sequence)) {
      link.arrived(sequence, frame, null);
      return;
    }
    deliver(link, frame, null);
    if (!link.down) {
      deliver(link);
    }
  }

  private void fetch(FabricLink link, int sequence, Frame frame) {
    Landing landing = slabs.landing(note.lengthBytes());
    reads.start(link, link.arrived(sequence, frame, landing), landing, note);
  }

  @Override
  public void onRead(FabricLink link) {
    deliver(link);
  }

  @Override
  public void onReadFailed(FabricLink link, String reason) {
    log.warn("event=read_failed peer=\"{}\" reason=\"{}\"", link.describe(), reason);
    events.broke(link, reason);
  }

  private void deliver(FabricLink link) {
    boolean far = false;
    while (link.hasNext()) {
      Landing landing = link.nextLanding();
      Frame frame = link.takeNext();
      if (landing != null && frame.lengthBytes() == 0) {
        // What landed is the frame itself.
        Frame away = rest(landing.bytes());
        Copies.count(away.lengthBytes());
        landing.release();
        frame.releaseInTurn(1);
        deliver(link, away, null);
      } else {
        deliver(link, frame, landing);
      }
      far |= landing != null;
      if (link.down) {
        return;
      }
    }
    if (far || link.unreported() >= REPORT_AFTER) {
      events.report(link);
    }
  }

  private void deliver(FabricLink from, Frame frame, @Nullable Landing landing) {
    delivered++;
    Wire.Receiver to = receiver;
    if (to == null) {
      if (landing != null) {
        landing.release();
      }
    } else if (landing == null) {
      to.onFrame(from, frame);
    } else {
      to.onFrame(from, frame, landing);
    }
  }
}
