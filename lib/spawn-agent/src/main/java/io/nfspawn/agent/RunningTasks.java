package io.nfspawn.agent;

import io.nfspawn.cloud.process.Marker;
import io.nfspawn.cloud.process.ProcessTree;
import io.nfspawn.protocol.RoleThreads;
import io.nfspawn.protocol.wire.KillTask;
import io.nfspawn.protocol.wire.MembersUpdate;
import io.nfspawn.protocol.wire.StartTask;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of this agent, each on a thread of its own that mostly waits. Called in the order of
 * the driver's messages; nothing but {@link #endAll} blocks.
 */
final class RunningTasks {
  private static final Logger log = LoggerFactory.getLogger(RunningTasks.class);
  private static final Duration LAST_EVENTS = Duration.ofSeconds(2);

  private final AgentParameters agent;
  private final String runId;
  private final TaskLauncher launcher;
  private final Outbox outbox;
  private final AddressWatch addresses;
  private final Map<TaskKey, TaskProcess> running = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new RoleThreads("agent-task"));
  private final ExecutorService members =
      Executors.newSingleThreadExecutor(new RoleThreads("agent-members"));
  private boolean ending;

  RunningTasks(AgentParameters agent, String runId, Outbox outbox) {
    this.agent = agent;
    this.runId = runId;
    this.outbox = outbox;
    this.launcher = new TaskLauncher(runId, agent.instanceId());
    this.addresses = new AddressWatch(outbox);
  }

  int count() {
    return running.size();
  }

  synchronized void start(StartTask task) {
    var process = new TaskProcess(task, launcher, outbox, addresses, agent.scratch());
    if (ending) {
      log.warn("event=task.not.started task={} reason=\"agent is ending\"", process.key());
    } else if (running.putIfAbsent(process.key(), process) != null) {
      log.warn("event=task.not.started task={} reason=\"runs already\"", process.key());
    } else {
      threads.execute(
          () -> {
            try {
              process.run();
            } finally {
              running.remove(process.key());
            }
          });
    }
  }

  synchronized void kill(KillTask kill) {
    TaskProcess process = running.get(new TaskKey(kill.getTaskId(), kill.getEpoch()));
    if (process != null && !ending) {
      Duration grace = Duration.ofMillis(kill.getGraceMs());
      threads.execute(() -> process.kill(kill.getReason(), grace));
    }
  }

  synchronized void members(MembersUpdate update) {
    if (!ending) {
      members.execute(
          () ->
              running.values().stream()
                  .filter(process -> process.isMemberOf(update))
                  .forEach(process -> process.members(update.getMembersList())));
    }
  }

  /** Ends every process of this agent but itself; their exits are in the outbox afterwards. */
  void endAll(String reason) {
    synchronized (this) {
      ending = true;
    }
    running.values().forEach(process -> process.markKilled(reason));
    int processes =
        ProcessTree.of(Marker.ofInstance(runId, agent.instanceId()), ProcessHandle.current())
            .end(agent.grace());
    if (processes > 0) {
      log.info("event=tasks.ended processes={} reason=\"{}\"", processes, reason);
    }
    threads.shutdown();
    members.shutdownNow();
    try {
      threads.awaitTermination(LAST_EVENTS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    addresses.close();
  }
}
