package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.cloud.LaunchRequest;
import io.nfspawn.cloud.Resources;
import io.nfspawn.cloud.local.LocalInstanceProvider;
import io.nfspawn.cloud.local.LocalSettings;
import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.AgentListener;
import io.nfspawn.protocol.ControlPlaneServer;
import io.nfspawn.protocol.ControlPlaneSettings;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.Interruption;
import io.nfspawn.protocol.wire.KillTask;
import io.nfspawn.protocol.wire.StartTask;
import io.nfspawn.protocol.wire.TaskEvent;
import io.nfspawn.protocol.wire.TaskExited;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A driver of its own for a test: control plane, local provider with real agents, what it heard.
 */
final class TestDriver implements AgentListener, AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(40);
  private static final AtomicInteger RUNS = new AtomicInteger();

  final String runId = "t" + ProcessHandle.current().pid() + "r" + RUNS.incrementAndGet();
  final Path directory;
  final ControlPlaneServer server;
  final LocalInstanceProvider provider;
  final Map<String, AgentLink> joined = new ConcurrentHashMap<>();
  final Map<String, String> lost = new ConcurrentHashMap<>();
  final List<String> released = new CopyOnWriteArrayList<>();
  final List<TaskEvent> events = new CopyOnWriteArrayList<>();
  final List<Interruption> interruptions = new CopyOnWriteArrayList<>();
  final List<InstanceProvider.Ended> ended = new CopyOnWriteArrayList<>();
  final Map<String, TaskExited> exits = new ConcurrentHashMap<>();

  TestDriver(Path directory, int instances, Duration lease) throws IOException {
    this.directory = directory;
    this.server = ControlPlaneServer.start(ControlPlaneSettings.loopback(runId, lease), this);
    this.provider = new LocalInstanceProvider(settings(directory, instances));
    provider.onEnd(ended::add);
  }

  static LocalSettings settings(Path directory, int instances) {
    return new LocalSettings(
        instances,
        Resources.of(2, 1L << 30),
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        "io.nfspawn.agent.AgentCommand",
        Path.of(System.getProperty("java.home")),
        directory.resolve("logs"),
        Duration.ofSeconds(2),
        LocalSettings.FABRIC);
  }

  AgentLink launch(String id) throws Exception {
    provider.launch(request(id, server.address().getPort()));
    return awaitJoined(id);
  }

  AgentLink awaitJoined(String id) {
    await().atMost(LIMIT).until(() -> joined.containsKey(id) || !ended.isEmpty());
    assertThat(ended).isEmpty();
    return Objects.requireNonNull(joined.get(id));
  }

  LaunchRequest request(String id, int port) {
    return new LaunchRequest(
        runId,
        List.of(new InstanceId(id)),
        Resources.of(1, 1),
        new LaunchRequest.DriverAddress(
            "127.0.0.1", port, server.certificateSha256(), server.token().secret()),
        Map.of());
  }

  /** A work directory whose wrapper is {@code script}. */
  StartTask.Builder task(String id, String script) throws IOException {
    Path work = Files.createDirectories(directory.resolve("work").resolve(id));
    Files.writeString(work.resolve(".command.run"), "#!/bin/bash\n" + script + "\n");
    return StartTask.newBuilder()
        .setTaskId(id)
        .setEpoch(1)
        .setName(id)
        .setWorkDirUri(work.toUri().toString());
  }

  Path file(String task, String name) {
    return directory.resolve("work").resolve(task).resolve(name);
  }

  static KillTask kill(String id, long graceMs) {
    return KillTask.newBuilder()
        .setTaskId(id)
        .setEpoch(1)
        .setReason("test says so")
        .setGraceMs((int) graceMs)
        .build();
  }

  TaskExited awaitExit(String task) {
    await().atMost(LIMIT).until(() -> exits.containsKey(task) || !lost.isEmpty());
    assertThat(exits).as("lost: %s", lost).containsKey(task);
    return Objects.requireNonNull(exits.get(task));
  }

  void awaitFile(String task, String name) {
    await().atMost(LIMIT).until(() -> Files.exists(file(task, name)));
  }

  /** Pids of living processes whose environment or command line holds {@code text}. */
  static List<Long> processesWith(String part, String text) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> pid != ProcessHandle.current().pid())
        .filter(pid -> read(pid, part).contains(text))
        .toList();
  }

  private static String read(long pid, String part) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc/" + pid + "/" + part)),
          java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Nothing that belongs to this run lives. */
  void awaitNothingLeft() {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(processesWith("environ", "SPAWN_INSTANCE=" + runId)).isEmpty());
  }

  @Override
  public void agentJoined(AgentLink agent, Hello hello) {
    joined.put(agent.instanceId(), agent);
  }

  @Override
  public void events(AgentLink agent, List<TaskEvent> batch) {
    for (TaskEvent event : batch) {
      events.add(event);
      if (event.hasExited()) {
        exits.put(event.getTaskId(), event.getExited());
      }
    }
  }

  @Override
  public void interruption(AgentLink agent, Interruption interruption) {
    interruptions.add(interruption);
  }

  @Override
  public void agentLost(AgentLink agent, String reason) {
    lost.put(agent.instanceId(), reason);
  }

  @Override
  public void agentReleased(AgentLink agent) {
    released.add(agent.instanceId());
  }

  @Override
  public void close() {
    provider.close();
    server.close();
  }
}
