package io.nfspawn.protocol;

import io.grpc.stub.StreamObserver;
import io.nfspawn.protocol.wire.DriverMessage;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.KillTask;
import io.nfspawn.protocol.wire.MembersUpdate;
import io.nfspawn.protocol.wire.Refusal;
import io.nfspawn.protocol.wire.Release;
import io.nfspawn.protocol.wire.StartTask;

/**
 * The driver's handle of one joined agent. Thread-safe; nothing blocks. What is sent to an agent
 * that is gone is dropped: {@link AgentListener#agentLost} tells of it.
 */
public final class AgentLink {
  private final Hello hello;
  private final String remote;
  private final StreamObserver<DriverMessage> out;
  private boolean open = true;
  private volatile boolean released;

  AgentLink(Hello hello, String remote, StreamObserver<DriverMessage> out) {
    this.hello = hello;
    this.remote = remote;
    this.out = out;
  }

  public String instanceId() {
    return hello.getInstanceId();
  }

  public Hello hello() {
    return hello;
  }

  /** Where the agent dialled from, for log lines. */
  public String remote() {
    return remote;
  }

  public void start(StartTask task) {
    send(DriverMessage.newBuilder().setStart(task).build());
  }

  public void kill(KillTask kill) {
    send(DriverMessage.newBuilder().setKill(kill).build());
  }

  public void members(MembersUpdate update) {
    send(DriverMessage.newBuilder().setMembers(update).build());
  }

  /** Asks the agent to end what it still runs and to exit. */
  public void release(String reason) {
    released = true;
    send(DriverMessage.newBuilder().setRelease(Release.newBuilder().setReason(reason)).build());
  }

  boolean isReleased() {
    return released;
  }

  synchronized void send(DriverMessage message) {
    if (open) {
      out.onNext(message);
    }
  }

  /** Ends the stream with a last word. */
  synchronized void refuse(String reason) {
    send(DriverMessage.newBuilder().setRefusal(Refusal.newBuilder().setReason(reason)).build());
    finish();
  }

  /** Ends the driver's half of the stream; later messages are dropped. */
  synchronized void finish() {
    if (open) {
      open = false;
      out.onCompleted();
    }
  }

  /** The transport is gone: nothing can be sent, not even an end. */
  synchronized void broken() {
    open = false;
  }

  @Override
  public String toString() {
    return "%s@%s".formatted(instanceId(), remote);
  }
}
