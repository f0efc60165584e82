package io.nfspawn.transport;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Work queue between two JVMs on this machine: {@code ThroughputMain [ENCRYPTION [SIZE [COUNT]]]}.
 * The second half of the items is timed, from offer to acknowledgement.
 */
final class ThroughputMain {
  private static final Duration WAIT = Duration.ofMinutes(2);

  private ThroughputMain() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("consume")) {
      consume(Encryption.valueOf(args[1]));
      return;
    }
    Encryption encryption = Encryption.valueOf(args.length > 0 ? args[0] : "AUTHENTICATE");
    int size = args.length > 1 ? Integer.parseInt(args[1]) : 1 << 20;
    int count = args.length > 2 ? Integer.parseInt(args[2]) : 4000;
    Path directory = Files.createTempDirectory("throughput");
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      Process consumer = consumer(gang, encryption);
      try (Channel channel =
          Channel.open(gang.membership(0), ChannelOptions.defaults().withEncryption(encryption))) {
        measure(channel, encryption, size, count);
      }
      consumer.waitFor();
    }
  }

  private static Process consumer(TestGang gang, Encryption encryption) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ThroughputMain.class.getName(),
                "consume",
                encryption.name()));
    builder.environment().putAll(new HashMap<>(gang.environment(1)));
    return builder.inheritIO().start();
  }

  private static void measure(Channel channel, Encryption encryption, int size, int count)
      throws Exception {
    WorkSource work =
        channel.workSource(
            "items", SourceOptions.to(Set.of(1)).withQueue(new Credit(1024, 64L << 20)));
    ByteBuffer payload = ByteBuffer.allocate(size);
    long start = 0;
    for (int i = 0; i < count; i++) {
      if (i == count / 2) {
        start = System.nanoTime();
      }
      work.put(ItemKey.of("k" + i), payload.duplicate(), WAIT);
    }
    work.finish(WAIT);
    double seconds = (System.nanoTime() - start) / 1e9;
    int timed = count - count / 2;
    System.out.println(
        Map.of(
            "encryption",
            encryption,
            "size",
            size,
            "MBps",
            Math.round(timed * (double) size / seconds / 1e6),
            "perSec",
            Math.round(timed / seconds)));
  }

  private static void consume(Encryption encryption) throws Exception {
    long opening = System.nanoTime();
    try (Channel channel =
        Channel.open(
            Membership.fromEnvironment(), ChannelOptions.defaults().withEncryption(encryption))) {
      System.out.println("opened in " + (System.nanoTime() - opening) / 1_000_000 + " ms");
      WorkConsumer work = channel.workConsumer("items", 0, new Credit(1024, 32L << 20));
      for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
        d.get().ack();
      }
      System.out.println("cpu " + ProcessHandle.current().info().totalCpuDuration());
    }
  }
}
