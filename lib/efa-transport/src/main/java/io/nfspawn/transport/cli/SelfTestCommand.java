package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelKey;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.SourceOptions;
import io.nfspawn.transport.WorkConsumer;
import io.nfspawn.transport.WorkSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
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
    Path root = Files.createTempDirectory("spawn-channel-selftest");
    PrintWriter out = spec.commandLine().getOut();
    long startNanos = System.nanoTime();
    try {
      byte[] secret = new byte[ChannelKey.LENGTH_BYTES];
      new SecureRandom().nextBytes(secret);
      ChannelKey key = ChannelKey.of(secret);
      try (Channel zero = open(root, 0, key);
          Channel one = open(root, 1, key)) {
        announce(root);
        check(zero, one);
      }
    } finally {
      delete(root);
    }
    long millis = (System.nanoTime() - startNanos) / 1_000_000;
    out.println("zmq ok: work queue, push/pull and barrier on " + host + " in " + millis + " ms");
    out.flush();
    return 0;
  }

  private Channel open(Path root, int rank, ChannelKey key) throws IOException {
    Path directory = Files.createDirectories(root.resolve("rank" + rank));
    Path members = directory.resolve("members.json");
    write(members, List.of("{}", "{}"));
    Membership membership = new Membership("selftest", "test", rank, 1, 2, members, key);
    return Channel.open(membership, ChannelOptions.defaults().withJoinTimeout(WAIT));
  }

  private void announce(Path root) throws IOException {
    List<String> endpoints =
        List.of(
            Files.readString(root.resolve("rank0/address.json")).strip(),
            Files.readString(root.resolve("rank1/address.json")).strip());
    for (int rank = 0; rank < 2; rank++) {
      Path directory = root.resolve("rank" + rank);
      Path part = directory.resolve("members.part");
      write(part, endpoints);
      Files.move(
          part,
          directory.resolve("members.json"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void write(Path file, List<String> endpoints) throws IOException {
    String member = "{\"rank\":%d,\"role\":\"test\",\"host\":\"%s\",\"endpoints\":%s}";
    Files.writeString(
        file,
        "{\"gang\":\"selftest\",\"epoch\":1,\"members\":["
            + member.formatted(0, host, endpoints.get(0))
            + ","
            + member.formatted(1, host, endpoints.get(1))
            + "]}");
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

  private static void delete(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
