package io.nfspawn.pipeline.gang;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nfspawn.transport.ChannelKey;
import io.nfspawn.transport.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The agent's part of the rendezvous for members that share a process: a directory for each with
 * {@code members.json}, into which it carries the {@code address.json} that each of them writes
 * (docs/architecture.md, "Rendezvous").
 */
final class LocalRendezvous implements AutoCloseable {
  private static final long POLL_MS = 20;

  private final ObjectMapper json = new ObjectMapper();
  private final String gang;
  private final List<String> roles;
  private final Path directory;
  private final ChannelKey key;
  private final ObjectNode announcement;
  private final ScheduledExecutorService courier =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "local-rendezvous");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param roles of the ranks, from 0
   * @param wires that every member announces, best first
   * @param directory private; not removed here
   */
  LocalRendezvous(String gang, List<String> roles, List<String> wires, Path directory)
      throws IOException {
    this.gang = gang;
    this.roles = List.copyOf(roles);
    this.directory = directory;
    byte[] secret = new byte[ChannelKey.LENGTH_BYTES];
    new SecureRandom().nextBytes(secret);
    this.key = ChannelKey.of(secret);
    this.announcement = json.createObjectNode().put("gang", gang).put("epoch", 1);
    ArrayNode members = announcement.putArray("members");
    for (int rank = 0; rank < roles.size(); rank++) {
      ObjectNode member = members.addObject();
      member.put("rank", rank).put("role", roles.get(rank)).put("host", "127.0.0.1");
      member.put("zone", "local");
      wires.forEach(member.putArray("wires")::add);
      member.putObject("endpoints");
      Files.createDirectory(place(rank));
    }
    announce();
    var unused =
        courier.scheduleWithFixedDelay(this::carry, POLL_MS, POLL_MS, TimeUnit.MILLISECONDS);
  }

  List<Membership> memberships() {
    List<Membership> memberships = new ArrayList<>();
    for (int rank = 0; rank < roles.size(); rank++) {
      memberships.add(
          new Membership(
              gang,
              roles.get(rank),
              rank,
              1,
              roles.size(),
              place(rank).resolve("members.json"),
              key));
    }
    return memberships;
  }

  private Path place(int rank) {
    return directory.resolve("rank-" + rank);
  }

  private void carry() {
    try {
      boolean news = false;
      for (int rank = 0; rank < roles.size(); rank++) {
        JsonNode address = address(rank);
        ObjectNode member = (ObjectNode) announcement.get("members").get(rank);
        if (!address.isMissingNode() && !address.equals(member.get("endpoints"))) {
          member.set("endpoints", address);
          news = true;
        }
      }
      if (news) {
        announce();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("rendezvous in " + directory, e);
    }
  }

  private JsonNode address(int rank) throws IOException {
    try {
      return json.readTree(Files.readAllBytes(place(rank).resolve("address.json")));
    } catch (NoSuchFileException e) {
      return json.missingNode();
    }
  }

  private void announce() throws IOException {
    for (int rank = 0; rank < roles.size(); rank++) {
      Path part = place(rank).resolve("members.json.part");
      Files.write(part, json.writeValueAsBytes(announcement));
      Files.move(part, place(rank).resolve("members.json"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() {
    courier.shutdownNow();
  }
}
