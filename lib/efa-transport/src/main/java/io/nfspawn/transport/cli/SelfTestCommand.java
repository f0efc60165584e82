package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.SourceOptions;
import io.nfspawn.transport.WorkConsumer;
import io.nfspawn.transport.WorkSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spawn-channel selftest}: a gang of two inside this process, every pattern once. */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    description = "Send through a channel on this machine and say whether all came through.",
    footer = {"", "Example:", "  spawn-channel selftest --host 127.0.0.1"})
final class SelfTestCommand implements Callable<Integer> {
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final int PAYLOAD_BYTES = 256 << 10;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long startNanos = System.nanoTime();
    ChannelOptions options = ChannelOptions.defaults().withJoinTimeout(WAIT);
    try (LocalGang gang = new LocalGang(host, 2);
        Channel zero = Channel.open(gang.membership(0), options);
        Channel one = Channel.open(gang.membership(1), options)) {
      gang.introduce(WAIT);
      check(zero, one);
    }
    long millis = (System.nanoTime() - startNanos) / 1_000_000;
    out.println("zmq ok: work queue, push/pull and barrier on " + host + " in " + millis + " ms");
    out.flush();
    return 0;
  }

  private static void check(Channel zero, Channel one) throws InterruptedException {
    WorkSource source = zero.workSource("items", SourceOptions.to(Set.of(1)));
    WorkConsumer consumer = one.workConsumer("items", 0, Credit.DEFAULT);
    Puller puller = zero.puller("results", PullOptions.from(Set.of(1)));
    Pusher pusher = one.pusher("results", 0);
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
    source.put(ItemKey.of("item"), payload, WAIT);
    Delivery item = consumer.take(WAIT).orElseThrow();
    CompletableFuture<ItemKey> taken = pusher.push(item.key(), item.payload(), WAIT);
    Delivery result = puller.take(WAIT).orElseThrow();
    if (!result.payload().equals(payload)) {
      throw new ChannelException("selftest: the payload came back changed");
    }
    result.ack();
    try {
      taken.get(WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ChannelException("selftest: no acknowledgement came back", e);
    }
    item.ack();
    source.finish(WAIT);
    pusher.finish(WAIT);
    Thread other =
        new Thread(
            () -> {
              try {
                one.barrier("end", WAIT);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "spawn-channel-selftest");
    other.start();
    zero.barrier("end", WAIT);
    other.join();
  }
}
