package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.Pusher;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spawn-channel push}: messages of a file or stdin, in order, to one rank. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = "Send every message of stdin or a file to another rank of this task's gang.",
    footer = {
      "",
      "Examples:",
      "  cut -f1 table.tsv | spawn-channel push --to 2",
      "  spawn-channel push --to 2 --name bam --framing bytes --file sample.bam"
    })
final class PushCommand implements Callable<Integer> {
  @Option(names = "--to", required = true, paramLabel = "RANK", description = "Rank that pulls.")
  private int rank;

  @Mixin private StreamOptions stream;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Membership membership = Membership.fromEnvironment();
    try (Channel channel = Channel.open(membership, stream.channel());
        Pusher pusher = channel.pusher(stream.name, rank)) {
      stream.send(pusher, channel.buffers(), membership.rank() + ":");
    }
    return 0;
  }
}
