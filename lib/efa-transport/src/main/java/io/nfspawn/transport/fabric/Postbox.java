package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;

/**
 * Short messages of the first rail: slots to send from, and enough posted slots to receive into
 * that no peer's window outgrows them. Owned by the wire's thread.
 */
final class Postbox {
  /** Room of one message, header included. tcp;ofi_rxm sends this much without a handshake. */
  static final int SLOT_BYTES = 16 << 10;

  private static final int FIRST_RECEIVE = 0;
  private static final int MOST_RECEIVES = 8192;
  private static final int FIRST_SEND = MOST_RECEIVES;
  private static final int MOST_SENDS = 1024;

  /** Its window, and what it says of those that it received. */
  private static final int SLOTS_A_LINK = FabricLink.WINDOW + 4;

  /** First number of other operations. */
  static final int END = FIRST_SEND + MOST_SENDS;

  private final RdmEndpoint endpoint;
  private final int mostReceives;
  private final int mostInjectedBytes;
  private final Slots receives;
  private final Slots sends;
  private final Numbers unposted = new Numbers();
  private final Numbers free = new Numbers();

  Postbox(FabricLibrary library, RdmEndpoint endpoint) {
    this.endpoint = endpoint;
    this.mostInjectedBytes = endpoint.mostInjectedBytes();
    // Whole blocks. With more peers than this holds for, what they send waits at the provider.
    this.mostReceives =
        Math.max(1, Math.min(MOST_RECEIVES, endpoint.mostReceives()) / Slots.BLOCK) * Slots.BLOCK;
    this.receives = new Slots(library, endpoint, FIRST_RECEIVE, mostReceives, SLOT_BYTES);
    this.sends = new Slots(library, endpoint, FIRST_SEND, MOST_SENDS, SLOT_BYTES);
    expect(0);
  }

  /** Makes room for what {@code links} peers may send; posted by the next {@link #post}. */
  void expect(int links) {
    int wanted = Math.min(mostReceives, Slots.BLOCK + links * SLOTS_A_LINK);
    boolean more = true;
    while (more && receives.size() < wanted) {
      more = addAll(unposted, receives);
    }
  }

  private static boolean addAll(Numbers to, Slots slots) {
    int start = slots.grow();
    for (int i = 0; start >= 0 && i < Slots.BLOCK; i++) {
      to.push(start + i);
    }
    return start >= 0;
  }

  /** True when {@link #post} would do something. */
  boolean hasUnposted() {
    return !unposted.isEmpty();
  }

  /** Posts what is not posted, as far as the provider takes it. */
  void post() {
    while (!unposted.isEmpty()) {
      int slot = unposted.peek();
      if (!endpoint.receive(slot, receives.region(slot), receives.offset(slot), SLOT_BYTES)) {
        return;
      }
      unposted.pop();
    }
  }

  boolean isReceive(int operation) {
    return receives.holds(operation);
  }

  boolean isSend(int operation) {
    return sends.holds(operation);
  }

  /** What came into a slot; valid until {@link #done}. */
  ByteBuffer received(int slot, int lengthBytes) {
    return receives.view(slot, Math.min(lengthBytes, SLOT_BYTES));
  }

  /** The slot may be posted again, or sent from again. */
  void done(int slot) {
    (isReceive(slot) ? unposted : free).push(slot);
  }

  /**
   * A slot to write a message into; -1 when all are under way.
   *
   * @throws FabricException when the device has no room for any
   */
  int take() {
    return free.isEmpty() && !addAll(free, sends) ? -1 : free.pop();
  }

  /** Where the message is to be written, before any other slot is taken. */
  ByteBuffer view(int slot) {
    return sends.view(slot, SLOT_BYTES);
  }

  /**
   * Posts what was written into the slot; gives it back and says false when that cannot be now.
   *
   * @throws FabricException when the peer cannot be sent to; the slot is given back, too
   */
  boolean send(int slot, long peer) {
    int lengthBytes = sends.writtenBytes(slot);
    boolean injected = lengthBytes <= mostInjectedBytes;
    boolean posted = false;
    try {
      posted =
          injected
              ? endpoint.inject(peer, sends.region(slot), sends.offset(slot), lengthBytes)
              : endpoint.send(slot, peer, sends.region(slot), sends.offset(slot), lengthBytes);
    } finally {
      if (injected || !posted) {
        free.push(slot);
      }
    }
    return posted;
  }

  void unregister() {
    new Closing().then(receives::unregister).then(sends::unregister).end();
  }

  void free() {
    new Closing().then(receives::free).then(sends::free).end();
  }
}
