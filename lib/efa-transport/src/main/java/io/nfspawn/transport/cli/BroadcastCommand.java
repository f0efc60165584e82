package io.nfspawn.transport.cli;

import io.nfspawn.transport.BroadcastOptions;
import io.nfspawn.transport.Broadcaster;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.Membership;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spawn-channel broadcast}: messages of a file or stdin to many ranks. */
@Command(
    name = "broadcast",
    mixinStandardHelpOptions = true,
    description = {
      "Send stdin or a file to other ranks of this task's gang, each of which runs",
      "'spawn-channel receive' and hands it on to the next. Fails when a rank was lost."
    },
    footer = {
      "",
      "Examples:",
      "  spawn-channel broadcast --name fasta --framing bytes --file reference.fa",
      "  spawn-channel broadcast --to 1,2 < samples.txt"
    })
final class BroadcastCommand implements Callable<Integer> {
  @Option(
      names = "--to",
      split = ",",
      paramLabel = "RANK",
      description = "Ranks that receive; all sides must name the same (default: all others).")
  private Set<Integer> ranks = new LinkedHashSet<>();

  @Mixin private StreamOptions stream;

  /** The receivers named, or all but the sender. */
  static BroadcastOptions receivers(Set<Integer> named, int sender, int size) {
    return BroadcastOptions.to(
        named.isEmpty()
            ? IntStream.range(0, size).filter(r -> r != sender).boxed().collect(Collectors.toSet())
            : named);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Membership membership = Membership.fromEnvironment();
    BroadcastOptions options = receivers(ranks, membership.rank(), membership.size());
    try (Channel channel = Channel.open(membership, stream.channel());
        Broadcaster out = channel.broadcaster(stream.name, options)) {
      stream.send(out, channel.buffers(), "");
      if (!out.lostReceivers().isEmpty()) {
        throw new ChannelException(
            "broadcast '"
                + stream.name
                + "' did not reach ranks "
                + new TreeSet<>(out.lostReceivers())
                + ", which were lost or left early; see their logs");
      }
    }
    return 0;
  }
}
