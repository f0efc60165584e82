package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Membership;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens what command lines name. */
final class Inputs {
  private static final Duration RECONNECT_GRACE = Duration.ofSeconds(5);

  private Inputs() {}

  /** A dataset by directory or URI. */
  static Dataset dataset(String place) throws IOException {
    return place.contains("://") ? Dataset.open(URI.create(place)) : Dataset.open(Path.of(place));
  }

  /**
   * The gang's channel, as the run's configuration wants it. A peer whose connection broke has
   * longer to come back than by default: on a machine where everything starts at once a second
   * passes unnoticed, a lost peer ends the round, and of one that died the agent tells anyway.
   */
  static Channel channel(String role) {
    ChannelOptions options = ChannelOptions.fromEnvironment();
    return Channel.open(
        membership(role),
        options.withLiveness(options.keepAlive(), options.peerTimeout(), RECONNECT_GRACE));
  }

  /** What the agent told this task, checked against the part that this program plays. */
  private static Membership membership(String role) {
    Membership membership = Membership.fromEnvironment();
    if (!membership.role().equals(role)) {
      throw new PipelineException(
          "SPAWN_ROLE is '"
              + membership.role()
              + "', but this program is spawn-chunks "
              + role
              + "; correct role in the process' ext.gang");
    }
    return membership;
  }

  static Trace trace(@Nullable Path file) throws IOException {
    return file == null ? Trace.NONE : Trace.toFile(file, Clock.systemUTC());
  }
}
