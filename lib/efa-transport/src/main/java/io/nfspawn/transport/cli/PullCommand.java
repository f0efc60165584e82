package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spawn-channel pull}: what other ranks push, to stdout until all have ended. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = "Write what other ranks of this task's gang push to stdout.",
    footer = {"", "Example:", "  spawn-channel pull --from 0,1 > merged.txt"})
final class PullCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      split = ",",
      description = "Ranks that push, separated by commas.")
  private Set<Integer> ranks;

  @Option(
      names = "--name",
      defaultValue = "lines",
      description = "Name both ends agree on (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--timeout",
      defaultValue = "PT10M",
      description = "Longest wait for the next line (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PullOptions options = PullOptions.from(ranks).withCredit(new Credit(256, 16L << 20));
    try (Channel channel = Channel.open(Membership.fromEnvironment(), ChannelOptions.defaults());
        Puller puller = channel.puller(name, options)) {
      OutputStream out = new BufferedOutputStream(System.out);
      for (Optional<Delivery> next = puller.take(timeout);
          next.isPresent();
          next = puller.take(timeout)) {
        byte[] line = new byte[next.get().payload().remaining()];
        next.get().payload().get(line);
        out.write(line);
        next.get().ack();
      }
      out.flush();
    }
    return 0;
  }
}
