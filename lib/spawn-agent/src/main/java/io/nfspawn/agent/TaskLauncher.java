package io.nfspawn.agent;

import io.nfspawn.agent.process.Launch;
import io.nfspawn.agent.process.ProcessStarter;
import io.nfspawn.agent.process.StartedProcess;
import io.nfspawn.cloud.process.Marker;
import io.nfspawn.protocol.wire.StartTask;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts a task's wrapper as Nextflow's local executor does: {@code bash -ue .command.run} in the
 * work directory, what it prints to {@code .command.log}; the wrapper itself writes {@code
 * .command.out} and {@code .command.err}. Unlike there, stdin is empty, and the task has a session
 * of its own, so that its {@code kill 0} ends nothing else. Immutable, thread-safe.
 */
final class TaskLauncher {
  private static final List<String> WRAPPER = List.of("/bin/bash", "-ue", ".command.run");
  private static final String LOG = ".command.log";

  /** An agent may itself run inside a member of another gang. */
  private static final Set<String> GANG_VARIABLES =
      Set.of(
          "SPAWN_GANG",
          "SPAWN_ROLE",
          "SPAWN_RANK",
          "SPAWN_EPOCH",
          "SPAWN_SIZE",
          "SPAWN_MEMBERS",
          "SPAWN_CHANNEL_KEY",
          "SPAWN_CHANNEL_ENCRYPTION");

  private final String runId;
  private final Marker instance;
  private final @Nullable String ownPath = System.getenv("PATH");
  private final ProcessStarter starter = ProcessStarter.best();

  TaskLauncher(String runId, String instanceId) {
    this.runId = runId;
    this.instance = Marker.ofInstance(runId, instanceId);
  }

  /**
   * @param member the private directory when the task belongs to a gang
   * @throws IOException when the work directory cannot be used or no process be made
   */
  StartedProcess start(StartTask task, @Nullable MemberDirectory member) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put(instance.variable(), instance.value());
    environment.put(Marker.TASK, marker(task).value());
    environment.put("PATH", path(task.getPathPrependList(), ownPath));
    if (member != null) {
      environment.putAll(member.environment());
    }
    return starter.start(
        new Launch(WRAPPER, workDirectory(task.getWorkDirUri()), LOG, environment, GANG_VARIABLES));
  }

  Marker marker(StartTask task) {
    return Marker.ofTask(runId, task.getTaskId(), task.getEpoch());
  }

  private static String path(List<String> first, @Nullable String inherited) {
    var all = new ArrayList<>(first);
    if (inherited != null && !inherited.isEmpty()) {
      all.add(inherited);
    }
    return String.join(File.pathSeparator, all);
  }

  private static Path workDirectory(String uri) throws IOException {
    Path directory;
    try {
      directory = Path.of(URI.create(uri));
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new IOException(
          "work directory %s cannot be reached from this instance".formatted(uri), e);
    }
    if (!directory.getFileSystem().equals(FileSystems.getDefault())
        || !Files.isDirectory(directory)) {
      throw new IOException(
          "work directory %s is not a directory of this instance; is it on a shared file system?"
              .formatted(uri));
    }
    return directory;
  }
}
