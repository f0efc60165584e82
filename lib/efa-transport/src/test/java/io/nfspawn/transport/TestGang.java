package io.nfspawn.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A gang whose agents and driver are this object: private directories, keys, and the exchange of
 * addresses that they would do.
 */
final class TestGang implements AutoCloseable {
  /** For what takes a moment: a busy machine may keep a process waiting for half a minute. */
  static final Duration WAIT = Duration.ofSeconds(Long.getLong("spawn.test.wait", 90));

  private final List<String> hosts;
  private final Path root;
  private final String name;
  private final int epoch;
  private final int size;
  private final byte[] key;
  private final Map<Integer, String> endpoints = new HashMap<>();
  private final List<Channel> open = new ArrayList<>();
  private final Thread exchange;
  private volatile boolean closed;

  TestGang(Path root, int size, long seed) {
    this(root, "gang-" + seed, 1, size, seed);
  }

  TestGang(Path root, String name, int epoch, int size, long seed) {
    this(root, name, epoch, size, seed, Collections.nCopies(size, "127.0.0.1"));
  }

  /**
   * @param hosts where each rank listens
   */
  TestGang(Path root, String name, int epoch, int size, long seed, List<String> hosts) {
    this.hosts = hosts;
    this.root = root;
    this.name = name;
    this.epoch = epoch;
    this.size = size;
    this.key = new byte[32];
    new Random(seed).nextBytes(key);
    for (int rank = 0; rank < size; rank++) {
      makeDirectory(rank);
    }
    announce();
    exchange = new Thread(this::exchange, "test-gang-exchange");
    exchange.setDaemon(true);
    exchange.start();
  }

  Path directory(int rank) {
    return directory(root, name, epoch, rank);
  }

  private static Path directory(Path root, String name, int epoch, int rank) {
    return root.resolve(name + "-" + epoch).resolve("rank" + rank);
  }

  private void makeDirectory(int rank) {
    Path directory = directory(rank);
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("channel.key"), HexFormat.of().formatHex(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The variables an agent would set for this rank. */
  Map<String, String> environment(int rank) {
    return environment(root, name, epoch, size, rank);
  }

  /** As the other, in a process that only knows which gang it is. */
  static Map<String, String> environment(Path root, String name, int epoch, int size, int rank) {
    Path own = directory(root, name, epoch, rank);
    return Map.of(
        "SPAWN_GANG", name,
        "SPAWN_ROLE", "test",
        "SPAWN_RANK", String.valueOf(rank),
        "SPAWN_EPOCH", String.valueOf(epoch),
        "SPAWN_SIZE", String.valueOf(size),
        "SPAWN_MEMBERS", own.resolve("members.json").toString(),
        "SPAWN_CHANNEL_KEY", own.resolve("channel.key").toString());
  }

  Membership membership(int rank) {
    return Membership.fromEnvironment(environment(rank));
  }

  <T extends Channel> T track(T channel) {
    synchronized (open) {
      open.add(channel);
    }
    return channel;
  }

  private void exchange() {
    while (!closed) {
      boolean changed = false;
      for (int rank = 0; rank < size; rank++) {
        Path address = directory(rank).resolve("address.json");
        try {
          if (Files.exists(address)) {
            String text = Files.readString(address).strip();
            changed |= !text.equals(endpoints.put(rank, text));
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      if (changed) {
        announce();
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  private void announce() {
    String members =
        IntStream.range(0, size)
            .mapToObj(
                rank ->
                    "{\"rank\":%d,\"role\":\"test\",\"host\":\"%s\",\"zone\":\"local\",\"wires\":[\"zmq\"],\"endpoints\":%s}"
                        .formatted(rank, hosts.get(rank), endpoints.getOrDefault(rank, "{}")))
            .collect(Collectors.joining(","));
    String text = "{\"gang\":\"%s\",\"epoch\":%d,\"members\":[%s]}".formatted(name, epoch, members);
    for (int rank = 0; rank < size; rank++) {
      try {
        Path part = directory(rank).resolve("members.part");
        Files.writeString(part, text);
        Files.move(
            part,
            directory(rank).resolve("members.json"),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    exchange.join();
    List<Channel> channels;
    synchronized (open) {
      channels = List.copyOf(open);
    }
    channels.forEach(Channel::close);
  }
}
