package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.Inbox;
import io.nfspawn.transport.Membership;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spawn-channel receive}: what one rank broadcasts. */
@Command(
    name = "receive",
    mixinStandardHelpOptions = true,
    description = "Write what another rank of this task's gang broadcasts to stdout or a file.",
    footer = {
      "",
      "Examples:",
      "  spawn-channel receive --from 0 --name fasta --framing bytes --file reference.fa",
      "  spawn-channel receive --from 0 --to 1,2 | while read -r sample; do echo \"$sample\"; done"
    })
final class ReceiveCommand implements Callable<Integer> {
  @Option(names = "--from", required = true, paramLabel = "RANK", description = "Rank that sends.")
  private int sender;

  @Option(
      names = "--to",
      split = ",",
      paramLabel = "RANK",
      description = "Ranks that receive, as the sender names them (default: all but the sender).")
  private Set<Integer> ranks = new LinkedHashSet<>();

  @Mixin private StreamOptions stream;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Membership membership = Membership.fromEnvironment();
    try (Channel channel = Channel.open(membership, stream.channel());
        Inbox in =
            channel.broadcastReceiver(
                stream.name,
                sender,
                BroadcastCommand.receivers(ranks, sender, membership.size()))) {
      stream.receive(in);
    }
    return 0;
  }
}
