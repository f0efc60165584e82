package io.nfspawn.protocol;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.nfspawn.protocol.wire.AgentMessage;
import io.nfspawn.protocol.wire.DriverMessage;
import io.nfspawn.protocol.wire.Heartbeat;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.Lease;
import io.nfspawn.protocol.wire.Refusal;
import io.nfspawn.protocol.wire.Welcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of one agent: hello first, then heartbeats and events until either end stops. Calls to
 * the listener are made under this object's lock, so they never overlap and nothing follows the
 * last one.
 */
final class AgentStream implements StreamObserver<AgentMessage> {
  private static final Logger log = LoggerFactory.getLogger(AgentStream.class);

  private final AttachedAgents agents;
  private final String remote;
  private final StreamObserver<DriverMessage> out;
  private volatile long lastHeardNanos;
  private @Nullable AgentLink link;
  private boolean over;

  AgentStream(AttachedAgents agents, String remote, StreamObserver<DriverMessage> out) {
    this.agents = agents;
    this.remote = remote;
    this.out = out;
    this.lastHeardNanos = agents.settings().clock().nanos();
  }

  Duration silence() {
    return Duration.ofNanos(agents.settings().clock().nanos() - lastHeardNanos);
  }

  @Override
  public synchronized void onNext(AgentMessage message) {
    if (over) {
      return;
    }
    lastHeardNanos = agents.settings().clock().nanos();
    AgentLink agent = link;
    if (message.getKindCase() == AgentMessage.KindCase.HELLO && agent == null) {
      join(message.getHello());
    } else if (agent == null) {
      refuse("first message must be a hello, got " + message.getKindCase());
    } else {
      handle(agent, message);
    }
  }

  private void handle(AgentLink agent, AgentMessage message) {
    AgentListener listener = agents.listener();
    switch (message.getKindCase()) {
      case HEARTBEAT -> {
        renew(agent, message.getHeartbeat());
        listener.heartbeat(agent, message.getHeartbeat());
      }
      case EVENTS -> listener.events(agent, message.getEvents().getEventsList());
      case INTERRUPTION -> listener.interruption(agent, message.getInterruption());
      case HELLO -> refuse("second hello on one stream");
      case KIND_NOT_SET ->
          log.warn("event=agent.message.unknown agent={} reason=\"newer agent?\"", agent);
    }
  }

  private void renew(AgentLink agent, Heartbeat heartbeat) {
    agent.send(
        DriverMessage.newBuilder()
            .setLease(
                Lease.newBuilder()
                    .setSequence(heartbeat.getSequence())
                    .setLeaseMs((int) agents.settings().lease().toMillis()))
            .build());
  }

  private void join(Hello hello) {
    if (hello.getProtocolVersion() != ProtocolVersion.CURRENT) {
      refuse(
          "agent speaks protocol version %d, this driver speaks %d; use the agent of the same"
                  .formatted(hello.getProtocolVersion(), ProtocolVersion.CURRENT)
              + " nf-spawn release");
      return;
    }
    if (!agents.register(hello.getInstanceId(), this)) {
      refuse("instance %s has joined already".formatted(hello.getInstanceId()));
      return;
    }
    var agent = new AgentLink(hello, remote, out);
    link = agent;
    agent.send(
        DriverMessage.newBuilder()
            .setWelcome(
                Welcome.newBuilder()
                    .setRunId(agents.settings().runId())
                    .setLeaseMs((int) agents.settings().lease().toMillis())
                    .setHeartbeatMs((int) agents.settings().heartbeat().toMillis()))
            .build());
    log.info(
        "event=agent.joined instance={} remote={} pid={}",
        hello.getInstanceId(),
        remote,
        hello.getPid());
    agents.listener().agentJoined(agent, hello);
  }

  private void refuse(String reason) {
    log.warn("event=agent.refused remote={} reason=\"{}\"", remote, reason);
    AgentLink agent = link;
    if (agent != null) {
      agent.refuse(reason);
      end("sent what it must not: " + reason);
      return;
    }
    over = true;
    out.onNext(
        DriverMessage.newBuilder().setRefusal(Refusal.newBuilder().setReason(reason)).build());
    out.onCompleted();
  }

  @Override
  public synchronized void onError(Throwable cause) {
    Status status = Status.fromThrowable(cause);
    AgentLink agent = link;
    if (agent != null) {
      agent.broken();
    }
    String detail = status.getDescription();
    end("connection broke: " + (detail == null ? status.getCode().name() : detail));
  }

  @Override
  public synchronized void onCompleted() {
    AgentLink agent = link;
    if (agent != null) {
      agent.finish();
    } else if (!over) {
      out.onCompleted();
    }
    end("agent ended by itself");
  }

  /** Declares the agent gone although its stream may still stand. */
  synchronized void lost(String reason) {
    AgentLink agent = link;
    if (agent != null && !over) {
      agent.refuse(reason);
      end(reason);
    }
  }

  synchronized void abandon() {
    over = true;
    AgentLink agent = link;
    if (agent != null) {
      agents.unregister(agent.instanceId(), this);
      agent.refuse("driver has ended");
    }
  }

  private void end(String reason) {
    AgentLink agent = link;
    if (over || agent == null) {
      over = true;
      return;
    }
    over = true;
    agents.unregister(agent.instanceId(), this);
    if (agent.isReleased()) {
      log.info("event=agent.released instance={}", agent.instanceId());
      agents.listener().agentReleased(agent);
    } else {
      log.warn("event=agent.lost instance={} reason=\"{}\"", agent.instanceId(), reason);
      agents.listener().agentLost(agent, reason);
    }
  }
}
