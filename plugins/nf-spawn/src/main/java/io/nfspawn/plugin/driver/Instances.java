package io.nfspawn.plugin.driver;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.cloud.InstanceProvider.Launched;
import io.nfspawn.cloud.LaunchException;
import io.nfspawn.cloud.LaunchRequest;
import io.nfspawn.cloud.LaunchRequest.DriverAddress;
import io.nfspawn.plugin.scheduler.Action;
import io.nfspawn.plugin.scheduler.Event;
import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.AgentListener;
import io.nfspawn.protocol.ControlPlaneServer;
import io.nfspawn.protocol.ControlPlaneSettings;
import io.nfspawn.protocol.RoleThreads;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Launches and ends instances on threads of its own, so that a slow provider holds nobody up.
 * Thread-safe.
 */
final class Instances implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Instances.class);
  private static final int THREADS = 2;

  /** How long a released agent may take before its instance is ended from outside. */
  private static final Duration LEAVE_GRACE = Duration.ofSeconds(3);

  private final InstanceProvider provider;
  private final ControlPlaneSettings settings;
  private final AgentListener listener;
  private final Fleet fleet;
  private final Clock clock;
  private final Consumer<Event> events;
  private final ScheduledThreadPoolExecutor work =
      new ScheduledThreadPoolExecutor(THREADS, new RoleThreads("spawn-instances"));
  private @Nullable ControlPlaneServer server;
  private boolean closed;

  Instances(
      InstanceProvider provider,
      ControlPlaneSettings settings,
      AgentListener listener,
      Fleet fleet,
      Clock clock,
      Consumer<Event> events) {
    this.provider = provider;
    this.settings = settings;
    this.listener = listener;
    this.fleet = fleet;
    this.clock = clock;
    this.events = events;
  }

  /** Answers with {@link Event.Launched} or {@link Event.LaunchFailed} for every id. */
  void launch(Action.Launch launch) {
    work.execute(() -> launchNow(launch));
  }

  private void launchNow(Action.Launch launch) {
    List<InstanceId> missing = new ArrayList<>(launch.instances());
    String message = "the provider launched fewer instances than asked for";
    boolean retryable = true;
    try {
      for (Launched instance : provider.launch(request(launch))) {
        fleet.launched(instance);
        missing.remove(instance.id());
        events.accept(new Event.Launched(clock.instant(), instance.id(), instance.capacity()));
      }
    } catch (LaunchException e) {
      message = String.valueOf(e.getMessage());
      retryable = e.retryable();
    } catch (IOException | RuntimeException e) {
      log.error("event=launch.failed provider={}", provider.name(), e);
      message = String.valueOf(e.getMessage());
      retryable = false;
    }
    if (!missing.isEmpty()) {
      events.accept(new Event.LaunchFailed(clock.instant(), missing, message, retryable));
    }
  }

  private LaunchRequest request(Action.Launch launch) throws IOException {
    ControlPlaneServer plane = controlPlane();
    DriverAddress driver =
        new DriverAddress(
            plane.address().getHostString(),
            plane.address().getPort(),
            plane.certificateSha256(),
            plane.token().secret());
    Map<String, String> tags =
        launch.gang().map(gang -> Map.of("gang", gang.value())).orElse(Map.of());
    return new LaunchRequest(settings.runId(), launch.instances(), launch.atLeast(), driver, tags);
  }

  private synchronized ControlPlaneServer controlPlane() throws IOException {
    if (closed) {
      throw new IOException("the run is ending");
    }
    if (server == null) {
      server = ControlPlaneServer.start(settings, listener);
    }
    return server;
  }

  /** Lets the agent leave by itself first; ends its instance in any case. */
  void release(InstanceId instance, String reason) {
    log.info("event=instance.release instance={} reason=\"{}\"", instance, reason);
    var agent = fleet.agent(instance);
    agent.ifPresent(link -> link.release(reason));
    long graceMs = agent.isPresent() ? LEAVE_GRACE.toMillis() : 0;
    var unused = work.schedule(() -> terminate(instance), graceMs, TimeUnit.MILLISECONDS);
  }

  /** The agent is gone, so nothing more can be asked of it. */
  void terminateSoon(InstanceId instance) {
    work.execute(() -> terminate(instance));
  }

  private void terminate(InstanceId instance) {
    fleet.ended(instance);
    provider.terminate(instance);
  }

  /** Ends every instance of the run within a few seconds; nothing of it is left. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    work.shutdown();
    fleet.agents().forEach(agent -> agent.release("the run has ended"));
    awaitAgentsLeft();
    fleet.instances().forEach(this::terminate);
    int strays = provider.reap(settings.runId());
    if (strays > 0) {
      log.warn("event=run.reaped run={} strays={}", settings.runId(), strays);
    }
    provider.close();
    synchronized (this) {
      if (server != null) {
        server.close();
      }
    }
  }

  private void awaitAgentsLeft() {
    synchronized (fleet) {
      long deadline = System.nanoTime() + LEAVE_GRACE.toNanos();
      long leftMs = LEAVE_GRACE.toMillis();
      try {
        while (!fleet.agents().isEmpty() && leftMs > 0) {
          fleet.wait(leftMs);
          leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** An agent ended on our word. */
  void agentLeft(AgentLink agent) {
    synchronized (fleet) {
      fleet.left(agent);
      fleet.notifyAll();
    }
  }
}
