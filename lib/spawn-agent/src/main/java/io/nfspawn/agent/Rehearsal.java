package io.nfspawn.agent;

import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.AgentListener;
import io.nfspawn.protocol.ControlPlaneServer;
import io.nfspawn.protocol.ControlPlaneSettings;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.Interruption;
import io.nfspawn.protocol.wire.StartTask;
import io.nfspawn.protocol.wire.TaskEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * An agent's life with one task that does nothing, driver and agent in one JVM: run while the
 * plugin is built, with {@code -XX:ArchiveClassesAtExit}, so that the archive holds what agents
 * load. Exit status 0 when the task ran.
 *
 * <pre>{@code java -XX:ArchiveClassesAtExit=FILE -cp 'tools/lib/*' …agent.Rehearsal DIRECTORY}
 * </pre>
 */
public final class Rehearsal implements AgentListener {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final String INSTANCE = "rehearsal";

  private final Path directory;
  private volatile boolean ran;

  private Rehearsal(Path directory) {
    this.directory = directory;
  }

  /**
   * @param args a directory for its few files; whoever made it removes it
   */
  public static void main(String[] args) throws IOException {
    AgentCommand.prepare();
    System.exit(run(Path.of(args[0])));
  }

  static int run(Path directory) throws IOException {
    var rehearsal = new Rehearsal(directory);
    try (var server =
        ControlPlaneServer.start(ControlPlaneSettings.loopback(INSTANCE, LEASE), rehearsal)) {
      int status = AgentCommand.execute(rehearsal.arguments(server));
      return rehearsal.ran ? status : 1;
    }
  }

  private String[] arguments(ControlPlaneServer server) throws IOException {
    Path token =
        Files.createFile(
            directory.resolve("token"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(token, server.token().secret());
    return new String[] {
      "--driver=" + server.address().getHostString() + ":" + server.address().getPort(),
      "--certificate=" + server.certificateSha256(),
      "--instance=" + INSTANCE,
      "--millicpus=1000",
      "--memory=1",
      "--disk=0",
      "--accelerators=0",
      "--host=127.0.0.1",
      "--zone=local",
      "--fabric=off",
      "--scratch=" + directory,
      "--grace-ms=2000",
      "--token-file=" + token
    };
  }

  @Override
  public void agentJoined(AgentLink agent, Hello hello) {
    try {
      Files.writeString(directory.resolve(".command.run"), "exit 0\n");
    } catch (IOException e) {
      agent.release("rehearsal cannot write its task: " + e.getMessage());
      return;
    }
    agent.start(
        StartTask.newBuilder()
            .setTaskId("1")
            .setEpoch(1)
            .setWorkDirUri(directory.toUri().toString())
            .addPathPrepend(directory.toString())
            .setName(INSTANCE)
            .build());
  }

  @Override
  public void events(AgentLink agent, List<TaskEvent> events) {
    for (TaskEvent event : events) {
      if (event.hasExited()) {
        ran = event.getExited().getExitStatus() == 0;
        agent.release("rehearsed");
      }
    }
  }

  @Override
  public void interruption(AgentLink agent, Interruption interruption) {
    agent.release("interrupted");
  }

  @Override
  public void agentLost(AgentLink agent, String reason) {
    ran = false;
  }
}
