package io.nfspawn.plugin.driver;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Event;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.AgentListener;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.Interruption;
import io.nfspawn.protocol.wire.TaskEvent;
import io.nfspawn.protocol.wire.TaskExited;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what agents say into the scheduler's events. */
final class AgentEvents implements AgentListener {
  private static final Logger log = LoggerFactory.getLogger(AgentEvents.class);

  private final Consumer<Event> events;
  private final Clock clock;
  private final Fleet fleet;
  private final BiConsumer<AgentLink, Optional<String>> left;
  private final BiConsumer<TaskId, Map<String, String>> addressed;
  private final TaskListener listener;

  AgentEvents(
      Consumer<Event> events,
      Clock clock,
      Fleet fleet,
      BiConsumer<AgentLink, Optional<String>> left,
      BiConsumer<TaskId, Map<String, String>> addressed,
      TaskListener listener) {
    this.events = events;
    this.clock = clock;
    this.fleet = fleet;
    this.left = left;
    this.addressed = addressed;
    this.listener = listener;
  }

  @Override
  public void agentJoined(AgentLink agent, Hello hello) {
    log.info("event=agent.joined instance={} host={}", agent.instanceId(), hello.getHost());
    fleet.joined(agent);
    events.accept(
        new Event.AgentJoined(
            clock.instant(), new InstanceId(agent.instanceId()), resources(hello.getCapacity())));
  }

  @Override
  public void events(AgentLink agent, List<TaskEvent> batch) {
    Instant now = clock.instant();
    for (TaskEvent event : batch) {
      TaskId task = new TaskId(event.getTaskId());
      switch (event.getKindCase()) {
        case STARTED -> {
          listener.started(task, event.getStarted().getPid());
          events.accept(new Event.TaskStarted(now, task));
        }
        case EXITED -> events.accept(exited(now, task, event.getExited()));
        case ADDRESS -> addressed.accept(task, event.getAddress().getEndpointsMap());
        case KIND_NOT_SET ->
            log.warn("event=agent.unknown-event instance={} task={}", agent.instanceId(), task);
      }
    }
  }

  private static Event exited(Instant now, TaskId task, TaskExited exited) {
    return new Event.TaskExited(
        now, task, exited.getExitStatus(), exited.getKilledByAgent(), exited.getReason());
  }

  @Override
  public void interruption(AgentLink agent, Interruption interruption) {
    log.warn(
        "event=instance.interruption instance={} reason=\"{}\"",
        agent.instanceId(),
        interruption.getReason());
    events.accept(
        new Event.Interrupted(
            clock.instant(),
            new InstanceId(agent.instanceId()),
            Instant.ofEpochMilli(interruption.getDeadlineEpochMs())));
  }

  @Override
  public void agentLost(AgentLink agent, String reason) {
    left.accept(agent, Optional.of(reason));
  }

  @Override
  public void agentReleased(AgentLink agent) {
    left.accept(agent, Optional.empty());
  }

  private static Resources resources(io.nfspawn.protocol.wire.Resources wire) {
    return new Resources(
        wire.getMillicpus(), wire.getMemoryBytes(), wire.getDiskBytes(), wire.getAccelerators());
  }
}
