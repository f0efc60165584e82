package io.nfspawn.agent;

import io.nfspawn.protocol.ControlPlaneClient;
import io.nfspawn.protocol.DriverListener;
import io.nfspawn.protocol.MonotonicClock;
import io.nfspawn.protocol.wire.AgentMessage;
import io.nfspawn.protocol.wire.DriverMessage;
import io.nfspawn.protocol.wire.Heartbeat;
import io.nfspawn.protocol.wire.Interruption;
import io.nfspawn.protocol.wire.Welcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent's life: join the driver, run what it sends, end. It ends when it is released or
 * refused, when the connection breaks (the driver then counts it as lost), when its lease runs out,
 * or on SIGTERM; in every case no process of its tasks stays behind.
 */
final class NodeAgent implements DriverListener {
  private static final Logger log = LoggerFactory.getLogger(NodeAgent.class);
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final Duration HOOK_LIMIT = Duration.ofSeconds(10);

  private final AgentParameters parameters;
  private final CompletableFuture<ControlPlaneClient> connection = new CompletableFuture<>();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Outbox outbox = new Outbox(this::send);
  private final Heart heart;
  private volatile @Nullable RunningTasks tasks;

  private record Ending(String reason, int exitStatus) {}

  private NodeAgent(AgentParameters parameters) {
    this.parameters = parameters;
    this.heart =
        new Heart(
            MonotonicClock.SYSTEM,
            parameters.joinTimeout(),
            this::runningTasks,
            this::beat,
            this::leaseOver);
  }

  /** Runs until the end; returns the exit status. */
  static int run(AgentParameters parameters) throws IOException {
    var agent = new NodeAgent(parameters);
    Runtime.getRuntime().addShutdownHook(new Thread(agent::terminated, "agent-sigterm"));
    return agent.serve();
  }

  private int serve() throws IOException {
    log.info(
        "event=agent.starting instance={} driver={}", parameters.instanceId(), parameters.driver());
    ControlPlaneClient client;
    try {
      client = ControlPlaneClient.connect(parameters.driver(), parameters.hello(), this);
    } catch (IOException e) {
      end(String.valueOf(e.getMessage()), FAILED);
      connection.completeExceptionally(e);
      finished.countDown();
      throw e;
    }
    connection.complete(client);
    Ending end = ending.join();
    log.info("event=agent.ending instance={} reason=\"{}\"", parameters.instanceId(), end.reason());
    RunningTasks all = tasks;
    if (all != null) {
      all.endAll(end.reason());
    }
    heart.close();
    outbox.close();
    client.close();
    finished.countDown();
    return end.exitStatus();
  }

  /** SIGTERM: the instance is going. After the agent's own end there is nothing left to do. */
  private void terminated() {
    if (ending.complete(new Ending("agent was told to end (SIGTERM)", FAILED))) {
      send(
          AgentMessage.newBuilder()
              .setInterruption(
                  Interruption.newBuilder()
                      .setReason("agent was told to end (SIGTERM)")
                      .setDeadlineEpochMs(
                          System.currentTimeMillis() + parameters.grace().toMillis()))
              .build());
    }
    try {
      finished.await(HOOK_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void message(DriverMessage message) {
    if (message.getKindCase() == DriverMessage.KindCase.WELCOME) {
      welcome(message.getWelcome());
      return;
    }
    RunningTasks all = tasks;
    if (all == null) {
      end("driver sent %s before its welcome".formatted(message.getKindCase()), FAILED);
      return;
    }
    switch (message.getKindCase()) {
      case LEASE -> heart.renew(message.getLease());
      case START -> all.start(message.getStart());
      case KILL -> all.kill(message.getKill());
      case MEMBERS -> all.members(message.getMembers());
      case RELEASE -> end("released: " + message.getRelease().getReason(), OK);
      case WELCOME, REFUSAL, KIND_NOT_SET ->
          log.warn("event=message.unknown kind={}", message.getKindCase());
    }
  }

  private void welcome(Welcome welcome) {
    log.info(
        "event=agent.joined run={} lease_ms={} heartbeat_ms={}",
        welcome.getRunId(),
        welcome.getLeaseMs(),
        welcome.getHeartbeatMs());
    tasks = new RunningTasks(parameters, welcome.getRunId(), outbox);
    heart.welcome(welcome);
  }

  @Override
  public void disconnected(String reason) {
    end(reason, FAILED);
  }

  private void leaseOver() {
    end(
        tasks == null
            ? "driver at %s did not answer within %d s"
                .formatted(parameters.driver(), parameters.joinTimeout().toSeconds())
            : "lease ran out: driver at %s stopped answering".formatted(parameters.driver()),
        FAILED);
  }

  private void end(String reason, int exitStatus) {
    ending.complete(new Ending(reason, exitStatus));
  }

  private int runningTasks() {
    RunningTasks all = tasks;
    return all == null ? 0 : all.count();
  }

  private void beat(Heartbeat heartbeat) {
    send(AgentMessage.newBuilder().setHeartbeat(heartbeat).build());
  }

  private void send(AgentMessage message) {
    connection.join().send(message);
  }
}
