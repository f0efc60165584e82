package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.Pusher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spawn-channel push}: lines of stdin, in order, to one rank. */
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = "Send every line of stdin to another rank of this task's gang.",
    footer = {"", "Example:", "  cut -f1 table.tsv | spawn-channel push --to 2"})
final class PushCommand implements Callable<Integer> {
  @Option(names = "--to", required = true, description = "Rank that pulls.")
  private int rank;

  @Option(
      names = "--name",
      defaultValue = "lines",
      description = "Name both ends agree on (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--timeout",
      defaultValue = "PT10M",
      description = "Longest wait for the puller (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Membership membership = Membership.fromEnvironment();
    try (Channel channel = Channel.open(membership, ChannelOptions.defaults());
        Pusher pusher = channel.pusher(name, rank);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        pusher.put(ItemKey.of(membership.rank() + ":" + number++), bytes, timeout);
      }
      pusher.finish(timeout);
    }
    return 0;
  }
}
