package io.nfspawn.pipeline.gang;

import io.nfspawn.transport.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Members of a gang as processes of their own, each in a work directory of its own. */
final class GangProcesses implements AutoCloseable {
  private final Path directory;
  private final LocalRendezvous rendezvous;
  private final List<Process> processes = new ArrayList<>();

  /**
   * @param wires that every member announces, best first
   * @param arguments of spawn-chunks, one list a rank, beginning with the role
   */
  GangProcesses(Path directory, List<String> wires, List<List<String>> arguments)
      throws IOException {
    this.directory = Files.createDirectories(directory);
    List<String> roles = arguments.stream().map(words -> words.get(0)).toList();
    this.rendezvous = new LocalRendezvous("test", roles, wires, directory);
    for (Membership membership : rendezvous.memberships()) {
      processes.add(start(membership, arguments.get(membership.rank())));
    }
  }

  private Process start(Membership membership, List<String> arguments) throws IOException {
    int rank = membership.rank();
    Path key = membership.membersFile().resolveSibling("channel.key");
    Files.writeString(key, HexFormat.of().formatHex(membership.key().bytes()));
    Files.createDirectories(work(rank));
    Files.createDirectories(temporary(rank));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx256m"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Djava.io.tmpdir=" + temporary(rank));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.nfspawn.pipeline.cli.SpawnChunksCommand");
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work(rank).toFile())
            .redirectOutput(log(rank).toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment(membership, key));
    return builder.start();
  }

  private static Map<String, String> environment(Membership membership, Path key) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPAWN_GANG", membership.gang());
    environment.put("SPAWN_ROLE", membership.role());
    environment.put("SPAWN_RANK", "" + membership.rank());
    environment.put("SPAWN_EPOCH", "" + membership.epoch());
    environment.put("SPAWN_SIZE", "" + membership.size());
    environment.put("SPAWN_MEMBERS", membership.membersFile().toString());
    environment.put("SPAWN_CHANNEL_KEY", key.toString());
    return environment;
  }

  Path work(int rank) {
    return directory.resolve("work-" + rank);
  }

  Path temporary(int rank) {
    return directory.resolve("tmp-" + rank);
  }

  private Path log(int rank) {
    return directory.resolve("log-" + rank);
  }

  String printed(int rank) throws IOException {
    return Files.readString(log(rank));
  }

  /** kill -9. */
  void kill(int rank) {
    processes.get(rank).destroyForcibly();
  }

  int exitCode(int rank) throws InterruptedException {
    if (!processes.get(rank).waitFor(3, TimeUnit.MINUTES)) {
      throw new IllegalStateException("rank " + rank + " does not end");
    }
    return processes.get(rank).exitValue();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    rendezvous.close();
  }
}
