package io.nfspawn.protocol;

import io.grpc.stub.StreamObserver;
import io.nfspawn.protocol.wire.AgentMessage;
import io.nfspawn.protocol.wire.ControlPlaneGrpc;
import io.nfspawn.protocol.wire.DriverMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The service behind the gate: one {@link AgentStream} a call, live agents by instance id. */
final class AttachedAgents extends ControlPlaneGrpc.ControlPlaneImplBase {
  private final ControlPlaneSettings settings;
  private final AgentListener listener;
  private final ConcurrentMap<String, AgentStream> live = new ConcurrentHashMap<>();

  AttachedAgents(ControlPlaneSettings settings, AgentListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public StreamObserver<AgentMessage> attach(StreamObserver<DriverMessage> out) {
    return new AgentStream(this, TokenGate.REMOTE.get(), out);
  }

  ControlPlaneSettings settings() {
    return settings;
  }

  AgentListener listener() {
    return listener;
  }

  /** False when another live agent has the id. */
  boolean register(String instanceId, AgentStream stream) {
    return live.putIfAbsent(instanceId, stream) == null;
  }

  void unregister(String instanceId, AgentStream stream) {
    live.remove(instanceId, stream);
  }

  void expireSilent() {
    for (AgentStream stream : List.copyOf(live.values())) {
      Duration silence = stream.silence();
      if (silence.compareTo(settings.lease()) >= 0) {
        stream.lost("no heartbeat for %d s".formatted(silence.toSeconds()));
      }
    }
  }

  /** Ends all streams without a call to the listener: the driver itself is going. */
  void close() {
    List.copyOf(live.values()).forEach(AgentStream::abandon);
  }
}
