package io.nfspawn.transport;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import io.nfspawn.transport.frame.FrameCipher;
import io.nfspawn.transport.frame.FrameHeader;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.wire.Wire;
import io.nfspawn.transport.zmq.ZmqWire;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the wire that is decided for, and a channel over it. */
public final class WireChoice {
  private static final Logger log = LoggerFactory.getLogger(WireChoice.class);
  private static final String RAILS_VARIABLE = "SPAWN_FABRIC_RAILS";

  private WireChoice() {}

  static Channel open(Membership membership, ChannelOptions options) {
    WireDecision decision = decide(GangChannel.members(membership), options);
    log.info(
        "event=wire_chosen gang={} rank={} wire={} reason=\"{}\"",
        membership.gang(),
        membership.rank(),
        decision,
        decision.reason());
    if (options.encryption() == Encryption.REQUIRED && !decision.provider().isEmpty()) {
      log.info(
          "event=fabric_encrypted wire={} cipher=AES-256-GCM cost=\"each side seals or opens every"
              + " payload in a pass of its own, on one cpu\"",
          decision);
    }
    if (options.encryption() == Encryption.OFF) {
      log.warn(
          "event=channel_in_clear gang={} rank={} wire={} reason=\"encryption is off: whoever can"
              + " reach the gang's network can read and change what travels\"",
          membership.gang(),
          membership.rank(),
          decision);
    }
    return GangChannel.open(membership, options, wire(decision, options), System::nanoTime);
  }

  private static WireDecision decide(List<Member> members, ChannelOptions options) {
    boolean plain =
        options.wire().equals(ZmqWire.NAME)
            || (options.wire().equals("auto") && options.fabric() != FabricPolicy.REQUIRED);
    if (plain) {
      WireDecision decision =
          WireDecision.of(options.wire(), options.fabric(), members, WireDecision.KNOWN, "");
      if (decision.wire().equals(ZmqWire.NAME)) {
        return decision; // Without the fifth of a second that loading libfabric takes.
      }
    }
    Libfabric.Probe probe = Libfabric.probe();
    FabricLibrary library = probe.library();
    return WireDecision.of(
        options.wire(),
        options.fabric(),
        members,
        library == null ? List.of() : providers(library),
        probe.absence());
  }

  private static List<String> providers(FabricLibrary library) {
    return library.devices().stream().map(FabricLibrary.Device::provider).distinct().toList();
  }

  /** A wire as these options want it, not bound yet; whoever gets it closes it. */
  public static Wire open(List<Member> members, ChannelOptions options) {
    return wire(decide(members, options), options);
  }

  private static Wire wire(WireDecision decision, ChannelOptions options) {
    long headBytes =
        (long) Message.MOST_HEAD_BYTES + FrameHeader.LENGTH_BYTES + FrameHeader.TAG_BYTES;
    FabricLibrary library = Libfabric.isFound() ? Libfabric.probe().library() : null;
    if (decision.wire().equals(ZmqWire.NAME) || library == null) {
      return new ZmqWire(options.frameBytes() + headBytes);
    }
    long longestBytes =
        Math.max(
            options.frameBytes() + headBytes,
            FrameCipher.attachmentBytes(Math.min(options.maxMessageBytes(), 2_000_000_000)));
    return new FabricWire(
        library,
        decision.provider(),
        rails(library, decision.provider()),
        longestBytes,
        options.idle());
  }

  /** As many endpoints as the provider has devices, if it is one of several: one tops out early. */
  private static int rails(FabricLibrary library, String provider) {
    String asked = System.getenv(RAILS_VARIABLE);
    if (asked != null && !asked.isBlank()) {
      try {
        return Math.max(1, Math.min(32, Integer.parseInt(asked.strip())));
      } catch (NumberFormatException e) {
        throw new ChannelException(
            RAILS_VARIABLE + " is '" + asked + "', expected a number from 1 to 32");
      }
    }
    if (!provider.equals("efa")) {
      return 1;
    }
    long devices =
        library.devices().stream()
            .filter(device -> device.provider().equals(provider))
            .map(FabricLibrary.Device::domain)
            .distinct()
            .count();
    return (int) Math.max(1, Math.min(32, devices));
  }
}
