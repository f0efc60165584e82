package io.nfspawn.transport.cli;

import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelKey;
import io.nfspawn.transport.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A gang on this machine whose agents and driver are this object: private directories, a key, and
 * the exchange of addresses. Closing it removes the directories.
 */
final class LocalGang implements AutoCloseable {
  private static final long STEP_MILLIS = 2;

  private final Path root;
  private final String host;
  private final int size;
  private final byte[] secret = new byte[ChannelKey.LENGTH_BYTES];

  LocalGang(String host, int size) throws IOException {
    this.root =
        Files.createTempDirectory(
            "spawn-channel",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    this.host = host;
    this.size = size;
    new SecureRandom().nextBytes(secret);
    for (int rank = 0; rank < size; rank++) {
      Files.createDirectories(directory(rank));
      Files.writeString(directory(rank).resolve("channel.key"), HexFormat.of().formatHex(secret));
    }
    announce(false);
  }

  private Path directory(int rank) {
    return root.resolve("rank" + rank);
  }

  /** The variables an agent would set for this rank. */
  Map<String, String> environment(int rank) {
    return Map.of(
        "SPAWN_GANG", "local",
        "SPAWN_ROLE", "test",
        "SPAWN_RANK", String.valueOf(rank),
        "SPAWN_EPOCH", "1",
        "SPAWN_SIZE", String.valueOf(size),
        "SPAWN_MEMBERS", directory(rank).resolve("members.json").toString(),
        "SPAWN_CHANNEL_KEY", directory(rank).resolve("channel.key").toString());
  }

  Membership membership(int rank) {
    return Membership.fromEnvironment(environment(rank));
  }

  /**
   * Waits until every member has published where it listens and tells all of all.
   *
   * @throws ChannelException naming the member that did not
   */
  void introduce(Duration timeout) throws IOException, InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    for (int rank = 0; rank < size; rank++) {
      while (!Files.exists(directory(rank).resolve("address.json"))) {
        if (System.nanoTime() - end > 0) {
          throw new ChannelException(
              "rank " + rank + " has not published where it listens within " + timeout);
        }
        Thread.sleep(STEP_MILLIS);
      }
    }
    announce(true);
  }

  private void announce(boolean published) throws IOException {
    StringJoiner members = new StringJoiner(",");
    for (int rank = 0; rank < size; rank++) {
      Path address = directory(rank).resolve("address.json");
      members.add(
          "{\"rank\":%d,\"role\":\"test\",\"host\":\"%s\",\"endpoints\":%s}"
              .formatted(rank, host, published ? Files.readString(address).strip() : "{}"));
    }
    String text = "{\"gang\":\"local\",\"epoch\":1,\"members\":[%s]}".formatted(members);
    for (int rank = 0; rank < size; rank++) {
      Path part = directory(rank).resolve("members.part");
      Files.writeString(part, text);
      Files.move(
          part,
          directory(rank).resolve("members.json"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
