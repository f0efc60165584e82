package io.nfspawn.transport;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.frame.FrameHeader;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.zmq.ZmqWire;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the wire of a channel from what was asked for and what there is. */
final class WireChoice {
  private static final Logger log = LoggerFactory.getLogger(WireChoice.class);
  private static final List<String> KNOWN = List.of("auto", ZmqWire.NAME);

  private WireChoice() {}

  static Channel open(Membership membership, ChannelOptions options) {
    if (!KNOWN.contains(options.wire())) {
      throw new ChannelException(
          "no wire '" + options.wire() + "'; this version has " + String.join(", ", KNOWN));
    }
    if (options.fabric() == FabricPolicy.REQUIRED) {
      throw new ChannelException(
          "a fabric is required and this version has none; set fabric to preferred or off");
    }
    log.debug("event=wire_chosen wire={} reason=\"the only one there is\"", ZmqWire.NAME);
    long longestFrameBytes =
        (long) options.frameBytes()
            + Message.MOST_HEAD_BYTES
            + FrameHeader.LENGTH_BYTES
            + FrameHeader.TAG_BYTES;
    return GangChannel.open(membership, options, new ZmqWire(longestFrameBytes), System::nanoTime);
  }
}
