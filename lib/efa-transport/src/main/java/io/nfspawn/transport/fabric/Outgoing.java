package io.nfspawn.transport.fabric;

import io.nfspawn.transport.fabric.WireHeader.Kind;
import io.nfspawn.transport.wire.Copies;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a fabric wire sends: short frames as messages, the rest as notes of where the receiver reads
 * them. Owned by the channel's thread.
 */
final class Outgoing {
  private static final Logger log = LoggerFactory.getLogger(Outgoing.class);
  private static final int ROOM_BYTES = Postbox.SLOT_BYTES - WireHeader.LENGTH_BYTES;

  private static final byte[] NO_FRAME = {};

  private final FabricLibrary library;
  private final SlabPool slabs;
  private final Links links;
  private final List<RdmEndpoint> rails;
  private final Idling idling;
  private final Postbox postbox;
  private final byte[] ownAddress;
  private final WireHeader header = new WireHeader();
  private final FarNote note = new FarNote();

  /**
   * @param ownAddress goes along with whatever is sent before the peer has answered
   */
  Outgoing(
      FabricLibrary library,
      SlabPool slabs,
      Links links,
      List<RdmEndpoint> rails,
      Idling idling,
      Postbox postbox,
      byte[] ownAddress) {
    this.library = library;
    this.slabs = slabs;
    this.links = links;
    this.rails = rails;
    this.idling = idling;
    this.postbox = postbox;
    this.ownAddress = ownAddress;
  }

  /** As {@link Wire#send(Wire.Link, byte[], int)}. */
  Wire.Sent send(FabricLink link, byte[] frame, int lengthBytes) {
    if (!isSendable(link)) {
      return Wire.Sent.UNREACHABLE;
    }
    if (link.peerId == 0) {
      return write(link, Kind.DIAL, frame, lengthBytes)
          ? Wire.Sent.ACCEPTED
          : Wire.Sent.BACK_PRESSURE;
    }
    if (lengthBytes <= ROOM_BYTES) {
      boolean sent = link.hasRoom() && write(link, Kind.FRAME, frame, lengthBytes);
      if (sent) {
        link.sent();
      }
      return sent ? Wire.Sent.ACCEPTED : Wire.Sent.BACK_PRESSURE;
    }
    if (!link.hasRoomForFar()) {
      return Wire.Sent.BACK_PRESSURE;
    }
    Slab slab = slabs.acquire(lengthBytes);
    slab.view(lengthBytes).put(frame, 0, lengthBytes);
    return sendStaged(link, NO_FRAME, 0, slab, lengthBytes);
  }

  /** As {@link Wire#send(Wire.Link, byte[], int, ByteBuffer, Runnable)}. */
  Wire.Sent send(
      FabricLink link, byte[] frame, int lengthBytes, ByteBuffer payload, Runnable released) {
    if (!isSendable(link)) {
      return Wire.Sent.UNREACHABLE;
    }
    if (!link.hasRoomForFar()) {
      return Wire.Sent.BACK_PRESSURE;
    }
    if (!payload.isDirect()) {
      return sendCopy(link, frame, lengthBytes, payload, released);
    }
    Slab slab = slabs.of(payload);
    long address = (slab == null ? library.addressOf(payload) : slab.address) + payload.position();
    slab = slab == null ? slabs.find(address) : slab;
    List<MemoryRegion> regions;
    try {
      regions = slab == null ? Registrations.of(rails, payload, false) : slab.regions(rails);
    } catch (FabricException e) {
      log.debug("event=payload_unregistered reason=\"{}\"", e.getMessage());
      return sendCopy(link, frame, lengthBytes, payload, released);
    }
    if (slab != null) {
      note(link, payload.remaining(), regions, address - slab.address, address);
      return far(link, frame, lengthBytes, released);
    }
    note(link, payload.remaining(), regions, payload.position(), address);
    return sendRegistered(link, frame, lengthBytes, regions, released);
  }

  /** Memory of the application: known to the device for as long as this takes. */
  private Wire.Sent sendRegistered(
      FabricLink link,
      byte[] frame,
      int lengthBytes,
      List<MemoryRegion> regions,
      Runnable released) {
    Runnable forget =
        () -> new Closing().then(() -> Registrations.close(regions)).then(released).end();
    Wire.Sent sent = far(link, frame, lengthBytes, forget);
    if (sent != Wire.Sent.ACCEPTED) {
      Registrations.close(regions);
    }
    return sent;
  }

  /** A payload that a device cannot read where it is. */
  private Wire.Sent sendCopy(
      FabricLink link, byte[] frame, int lengthBytes, ByteBuffer payload, Runnable released) {
    Slab slab = slabs.acquire(payload.remaining());
    try {
      slab.view(payload.remaining()).put(payload.duplicate());
    } catch (RuntimeException e) {
      slab.release.run();
      throw e;
    }
    Wire.Sent sent = sendStaged(link, frame, lengthBytes, slab, payload.remaining());
    if (sent == Wire.Sent.ACCEPTED) {
      released.run();
    }
    return sent;
  }

  private boolean isSendable(FabricLink link) {
    if (link.down || !link.fault.isEmpty()) {
      return false;
    }
    return link.peerNumbers != null || links.establish(link);
  }

  /** Sends what was copied, since a device cannot read it where it is. */
  private Wire.Sent sendStaged(
      FabricLink link, byte[] frame, int lengthBytes, Slab slab, int slabBytes) {
    Copies.count(slabBytes);
    try {
      note(link, slabBytes, slab.regions(rails), 0, slab.address);
    } catch (FabricException e) {
      slab.release.run();
      log.warn("event=no_registered_memory bytes={} reason=\"{}\"", slabBytes, e.getMessage());
      return fail(link, e);
    }
    Wire.Sent sent = far(link, frame, lengthBytes, slab.release);
    if (sent != Wire.Sent.ACCEPTED) {
      slab.release.run();
    }
    return sent;
  }

  /**
   * Notes where the bytes lie, for {@link #far}.
   *
   * @param address of the bytes in this process, told to who may read it there
   */
  private void note(
      FabricLink link, int itsBytes, List<MemoryRegion> regions, long offset, long address) {
    note.begin(itsBytes).add(regions, offset);
    if (link.memory != null) {
      note.add(address, 0);
    }
  }

  private Wire.Sent far(FabricLink link, byte[] frame, int lengthBytes, Runnable released) {
    if (!write(link, Kind.FAR, frame, lengthBytes)) {
      return Wire.Sent.BACK_PRESSURE;
    }
    link.sentFar(released);
    return Wire.Sent.ACCEPTED;
  }

  /** Posts one message; false when there is no slot or the provider wants to be polled first. */
  private boolean write(FabricLink link, Kind kind, byte[] frame, int lengthBytes) {
    long[] peers = link.peerNumbers;
    int slot;
    try {
      slot = peers == null ? -1 : postbox.take();
    } catch (FabricException e) {
      fail(link, e);
      return false;
    }
    if (slot < 0 || peers == null) {
      return false;
    }
    int received = link.received();
    ByteBuffer out = postbox.view(slot);
    header.set(kind, lengthBytes, link.peerId, link.id, link.nextToSend(), received).write(out);
    if (kind == Kind.DIAL) {
      out.putShort((short) ownAddress.length).put(ownAddress);
    }
    if (kind == Kind.FAR) {
      note.write(out);
    }
    out.put(frame, 0, lengthBytes);
    if (link.busy.getAsBoolean()) {
      // Looked at last: what of the peer this core has then is soon with the peer's again.
      postbox.done(slot);
      return false;
    }
    try {
      if (!postbox.send(slot, peers[0])) {
        return false;
      }
    } catch (FabricException e) {
      // What a provider says of a peer that died just now, for one.
      fail(link, e);
      return false;
    }
    link.reported(received);
    idling.active();
    return true;
  }

  /** The link ends soon, for that reason. */
  private Wire.Sent fail(FabricLink link, FabricException cause) {
    link.fault = String.valueOf(cause.getMessage());
    idling.wakeUp();
    return Wire.Sent.BACK_PRESSURE;
  }

  /** Tells the peer what was received; if that cannot be done now, the next park does it. */
  void report(FabricLink link) {
    if (link.unreported() > 0) {
      write(link, Kind.RECEIVED, NO_FRAME, 0);
    }
  }
}
