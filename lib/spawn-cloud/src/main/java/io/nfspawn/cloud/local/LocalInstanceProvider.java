package io.nfspawn.cloud.local;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.cloud.LaunchException;
import io.nfspawn.cloud.LaunchRequest;
import io.nfspawn.cloud.process.Marker;
import io.nfspawn.cloud.process.ProcessTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts node agents as processes of this machine, each in a session of its own and with a declared
 * slice of the machine. Thread-safe. An agent that dies takes its tasks with it: what carries its
 * marker is ended before {@link #onEnd} is told.
 */
public final class LocalInstanceProvider implements InstanceProvider {
  private static final Logger log = LoggerFactory.getLogger(LocalInstanceProvider.class);
  private static final String NAME = "local";

  private final LocalSettings settings;
  private final Map<InstanceId, AgentProcess> agents = new LinkedHashMap<>();
  private final List<Consumer<Ended>> listeners = new CopyOnWriteArrayList<>();

  public LocalInstanceProvider(LocalSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Limits limits() {
    return new Limits(settings.instances(), settings.slice(), NAME);
  }

  @Override
  public void onEnd(Consumer<Ended> listener) {
    listeners.add(listener);
  }

  @Override
  public List<Launched> launch(LaunchRequest request) throws LaunchException {
    if (!request.atLeast().fitsIn(settings.slice())) {
      throw new LaunchException(
          "instance of %s asked for, but the largest slice of this machine is %s;"
                  .formatted(request.atLeast(), settings.slice())
              + " raise spawn.local.cpus or spawn.local.memory, or ask for less",
          false,
          null);
    }
    var launched = new ArrayList<Launched>();
    for (InstanceId id : request.ids()) {
      try {
        launchOnce(request, id);
        launched.add(new Launched(id, settings.slice(), NAME, NAME));
      } catch (LaunchException e) {
        if (launched.isEmpty()) {
          throw e;
        }
        log.warn("event=launch.partial got={} reason=\"{}\"", launched.size(), e.getMessage());
        break;
      }
    }
    return launched;
  }

  private void launchOnce(LaunchRequest request, InstanceId id) throws LaunchException {
    AgentProcess agent;
    synchronized (agents) {
      if (agents.containsKey(id)) {
        return;
      }
      if (agents.size() >= settings.instances()) {
        throw new LaunchException(
            "instance %s not started: %d of %d local instances are running;"
                    .formatted(id, agents.size(), settings.instances())
                + " raise spawn.local.instances or wait",
            true,
            null);
      }
      agent = AgentProcess.start(settings, request, id);
      agents.put(id, agent);
    }
    log.info("event=instance.launched instance={} pid={}", id, agent.process().pid());
    var unused = agent.process().onExit().thenRun(() -> ended(agent));
  }

  /** The agent's process is gone, asked for or not. */
  private void ended(AgentProcess agent) {
    boolean unasked;
    synchronized (agents) {
      unasked = agents.remove(agent.id(), agent);
    }
    if (!unasked) {
      return;
    }
    agent.end(settings.grace());
    // 0: it was released by its driver, which knows.
    if (agent.process().exitValue() != 0) {
      String reason = agent.obituary();
      log.warn("event=instance.ended instance={} reason=\"{}\"", agent.id(), reason);
      listeners.forEach(listener -> listener.accept(new Ended(agent.id(), reason)));
    }
  }

  @Override
  public void terminate(InstanceId id) {
    AgentProcess agent;
    synchronized (agents) {
      agent = agents.remove(id);
    }
    if (agent != null) {
      int processes = agent.end(settings.grace());
      log.info("event=instance.terminated instance={} processes={}", id, processes);
    }
  }

  @Override
  public int reap(String runId) {
    List<AgentProcess> known;
    synchronized (agents) {
      known = agents.values().stream().filter(agent -> agent.runId().equals(runId)).toList();
      known.forEach(agent -> agents.remove(agent.id()));
    }
    List<ProcessHandle> roots = known.stream().map(agent -> agent.process().toHandle()).toList();
    int processes = ProcessTree.of(Marker.ofRun(runId), roots).end(settings.grace());
    ScratchDirectory.ofRun(runId).forEach(ScratchDirectory::remove);
    return processes;
  }

  /** Ends all that this provider launched; at once, so that many take no longer than one. */
  @Override
  public void close() {
    List<String> runs;
    synchronized (agents) {
      runs =
          agents.values().stream().map(AgentProcess::runId).distinct().collect(Collectors.toList());
    }
    runs.forEach(this::reap);
  }
}
