package io.nfspawn.pipeline.gang;

import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelEvent;
import io.nfspawn.transport.Member;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calling gang as each member sees it: {@code distribute} is rank 0, {@code call} are ranks 1
 * to N, {@code merge} is the last. A member that is lost ends the round for all: the gang is
 * started again as a whole, and what was called before is called again to the same bytes.
 */
final class Gang {
  static final String ITEMS = "items";
  static final String RESULTS = "results";

  /** How long anything waits before it looks at the gang's state again. */
  static final Duration GLANCE = Duration.ofMillis(500);

  /** A gang may wait days for a queue of work; whether peers live is the channel's to tell. */
  static final Duration PATIENCE = Duration.ofDays(30);

  private static final Logger log = LoggerFactory.getLogger(Gang.class);

  private final Channel channel;

  /** Of the first member that was lost; empty as long as the gang is whole. */
  private volatile String fault = "";

  Gang(Channel channel) {
    this.channel = channel;
    int size = channel.membership().size();
    if (size < 3) {
      throw new PipelineException(
          "the calling gang has "
              + size
              + " members; it needs at least 3: distribute, one call or more, merge");
    }
    channel.onEvent(this::onEvent);
  }

  Channel channel() {
    return channel;
  }

  int distributor() {
    return 0;
  }

  int merger() {
    return channel.membership().size() - 1;
  }

  Set<Integer> callers() {
    Set<Integer> callers = new TreeSet<>();
    for (int rank = 1; rank < merger(); rank++) {
      callers.add(rank);
    }
    return callers;
  }

  /** This member, for the receipt. */
  String self() {
    return "rank " + channel.membership().rank();
  }

  /** Whether every member runs on one host, so that bytes are cheap and compression is not. */
  boolean isOnOneHost() {
    return channel.members().stream().map(Member::host).distinct().count() <= 1;
  }

  private void onEvent(ChannelEvent event) {
    if (event instanceof ChannelEvent.PeerLost lost) {
      String peer = name(lost.rank());
      log.error("peer_lost rank={} reason=\"{}\"", lost.rank(), lost.reason());
      if (fault.isEmpty()) {
        fault = peer + " was lost (" + lost.reason() + "); the gang has to start again";
      }
    } else if (event instanceof ChannelEvent.PeerJoined joined) {
      log.info("peer_joined rank={} again={}", joined.rank(), joined.again());
    } else if (event instanceof ChannelEvent.StrangerRefused stranger) {
      log.warn("stranger_refused peer={} reason=\"{}\"", stranger.peer(), stranger.reason());
    }
  }

  private String name(int rank) {
    return channel.members().stream()
        .filter(member -> member.rank() == rank)
        .findFirst()
        .map(Member::toString)
        .orElse("rank " + rank);
  }

  /**
   * @throws PipelineException when a member was lost
   */
  void requireWhole() {
    String text = fault;
    if (!text.isEmpty()) {
      throw new PipelineException(text);
    }
  }
}
