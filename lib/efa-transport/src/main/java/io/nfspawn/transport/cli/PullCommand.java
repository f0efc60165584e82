package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spawn-channel pull}: what other ranks push, until all have ended. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Write what other ranks of this task's gang push to stdout or a file. Messages of one rank",
      "stay in order; those of several ranks mix, so pull streams of bytes from one rank only."
    },
    footer = {
      "",
      "Examples:",
      "  spawn-channel pull --from 0,1 > merged.txt",
      "  spawn-channel pull --from 0 --name bam --framing bytes | samtools view -c -"
    })
final class PullCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      split = ",",
      paramLabel = "RANK",
      description = "Ranks that push, separated by commas.")
  private Set<Integer> ranks;

  @Mixin private StreamOptions stream;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PullOptions options = PullOptions.from(ranks).withCredit(new Credit(256, 16L << 20));
    try (Channel channel = Channel.open(Membership.fromEnvironment(), stream.channel());
        Puller puller = channel.puller(stream.name, options)) {
      stream.receive(puller);
    }
    return 0;
  }
}
