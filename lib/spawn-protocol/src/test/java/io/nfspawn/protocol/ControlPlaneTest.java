package io.nfspawn.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nfspawn.protocol.wire.AgentMessage;
import io.nfspawn.protocol.wire.DriverMessage;
import io.nfspawn.protocol.wire.EventBatch;
import io.nfspawn.protocol.wire.Heartbeat;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.Interruption;
import io.nfspawn.protocol.wire.KillTask;
import io.nfspawn.protocol.wire.MembersUpdate;
import io.nfspawn.protocol.wire.StartTask;
import io.nfspawn.protocol.wire.TaskEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Both ends of the control plane over a real connection. */
class ControlPlaneTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong();
  private final Recorder heard = new Recorder();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private ControlPlaneServer server;

  @BeforeEach
  void start() throws IOException {
    logged.start();
    ((Logger) LoggerFactory.getLogger("io.nfspawn.protocol")).addAppender(logged);
    server =
        ControlPlaneServer.start(
            new ControlPlaneSettings(
                "run-1", "127.0.0.1", RunToken.random(), LEASE, LEASE.dividedBy(6), nanos::get),
            heard);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    server.close();
    ((Logger) LoggerFactory.getLogger("io.nfspawn.protocol")).detachAppender(logged);
  }

  /** What the driver heard, in words. */
  private static final class Recorder implements AgentListener {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<AgentLink> agents = new CopyOnWriteArrayList<>();

    @Override
    public void agentJoined(AgentLink agent, Hello hello) {
      agents.add(agent);
      calls.add("joined " + hello.getInstanceId());
    }

    @Override
    public void events(AgentLink agent, List<TaskEvent> events) {
      calls.add("events " + events.stream().map(TaskEvent::getTaskId).toList());
    }

    @Override
    public void heartbeat(AgentLink agent, Heartbeat heartbeat) {
      calls.add("heartbeat " + heartbeat.getSequence());
    }

    @Override
    public void interruption(AgentLink agent, Interruption interruption) {
      calls.add("interruption " + interruption.getReason());
    }

    @Override
    public void agentLost(AgentLink agent, String reason) {
      calls.add("lost " + agent.instanceId() + ": " + reason);
    }

    @Override
    public void agentReleased(AgentLink agent) {
      calls.add("released " + agent.instanceId());
    }
  }

  /** What an agent heard. */
  private static final class Heard implements DriverListener {
    final List<DriverMessage> messages = new CopyOnWriteArrayList<>();
    final List<String> disconnected = new CopyOnWriteArrayList<>();

    @Override
    public void message(DriverMessage message) {
      messages.add(message);
    }

    @Override
    public void disconnected(String reason) {
      disconnected.add(reason);
    }

    String reason() {
      await().until(() -> !disconnected.isEmpty());
      return disconnected.get(0);
    }
  }

  private DriverEndpoint endpoint(RunToken token) {
    return new DriverEndpoint(
        "127.0.0.1", server.address().getPort(), server.certificateSha256(), token);
  }

  private ControlPlaneClient connect(String id, DriverListener agent) throws IOException {
    var client =
        ControlPlaneClient.connect(
            endpoint(server.token()), Hello.newBuilder().setInstanceId(id).build(), agent);
    open.add(client);
    return client;
  }

  private void refused(DriverEndpoint driver, Heard agent) throws IOException {
    open.add(
        ControlPlaneClient.connect(
            driver, Hello.newBuilder().setInstanceId("stranger").build(), agent));
    agent.reason();
  }

  private List<String> log() {
    return List.copyOf(logged.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static AgentMessage beat(long sequence) {
    return AgentMessage.newBuilder()
        .setHeartbeat(Heartbeat.newBuilder().setSequence(sequence))
        .build();
  }

  @Test
  void shouldCarryMessagesBothWaysInOrderWhenAgentHasJoined() throws Exception {
    var agent = new Heard();
    ControlPlaneClient client = connect("i-1", agent);
    client.send(beat(7));
    client.send(
        AgentMessage.newBuilder()
            .setEvents(
                EventBatch.newBuilder()
                    .addEvents(TaskEvent.newBuilder().setTaskId("a"))
                    .addEvents(TaskEvent.newBuilder().setTaskId("b")))
            .build());
    client.send(
        AgentMessage.newBuilder()
            .setInterruption(Interruption.newBuilder().setReason("spot"))
            .build());
    await().until(() -> heard.calls.size() == 4);
    AgentLink link = heard.agents.get(0);
    link.start(StartTask.newBuilder().setTaskId("a").build());
    link.kill(KillTask.newBuilder().setTaskId("a").build());
    link.members(MembersUpdate.newBuilder().setGangId("g").build());
    link.release("done");

    await().until(() -> agent.messages.size() == 6);
    assertThat(heard.calls)
        .containsExactly("joined i-1", "heartbeat 7", "events [a, b]", "interruption spot");
    assertThat(agent.messages.stream().map(DriverMessage::getKindCase).map(Enum::name))
        .containsExactly("WELCOME", "LEASE", "START", "KILL", "MEMBERS", "RELEASE");
    assertThat(agent.messages.get(0).getWelcome().getRunId()).isEqualTo("run-1");
    assertThat(agent.messages.get(1).getLease().getSequence()).isEqualTo(7);
    assertThat(agent.messages.get(1).getLease().getLeaseMs()).isEqualTo(30_000);
    client.close();
    await().until(() -> heard.calls.contains("released i-1"));
  }

  @Test
  void shouldRefuseAndLogWhenTokenIsWrong() throws Exception {
    var agent = new Heard();
    refused(endpoint(RunToken.random()), agent);

    assertThat(agent.reason())
        .isEqualTo(
            "driver at 127.0.0.1:%d refused: wrong run token"
                .formatted(server.address().getPort()));
    assertThat(heard.calls).isEmpty();
    assertThat(log())
        .anyMatch(
            line ->
                line.matches(
                    "event=agent.refused remote=127.0.0.1:\\d+ reason=\"wrong run token\""));
  }

  @Test
  void shouldRefuseAndLogWhenThereIsNoToken() throws Exception {
    String code = Stranger.attachWithoutToken(server.address().getPort());

    assertThat(code).isEqualTo("UNAUTHENTICATED: no run token");
    assertThat(heard.calls).isEmpty();
    assertThat(log()).anyMatch(line -> line.contains("reason=\"no run token\""));
  }

  @Test
  void shouldRefuseTheDriverWhenItsCertificateIsNotThePinnedOne() throws Exception {
    var agent = new Heard();
    String pinned = "ab".repeat(32);
    refused(
        new DriverEndpoint("127.0.0.1", server.address().getPort(), pinned, server.token()), agent);

    assertThat(agent.reason())
        .isEqualTo(
            "connection to driver at 127.0.0.1:%d broke: driver's certificate has fingerprint %s,"
                    .formatted(server.address().getPort(), server.certificateSha256())
                + " expected %s: not the driver of this run".formatted(pinned));
    assertThat(heard.calls).isEmpty();
  }

  @Test
  void shouldRefuseWhenInstanceHasJoinedAlready() throws Exception {
    connect("i-1", new Heard());
    await().until(() -> heard.calls.contains("joined i-1"));
    var second = new Heard();
    connect("i-1", second);

    assertThat(second.reason()).endsWith("refused: instance i-1 has joined already");
    assertThat(heard.calls).containsExactly("joined i-1");
  }

  @Test
  void shouldRefuseWhenAgentSpeaksAnotherVersion() throws Exception {
    String reason = Stranger.hello(endpoint(server.token()), 99);

    assertThat(reason)
        .isEqualTo(
            "agent speaks protocol version 99, this driver speaks 1; use the agent of the same"
                + " nf-spawn release");
    assertThat(heard.calls).isEmpty();
  }

  @Test
  void shouldDeclareAgentLostOnceWhenItsHeartbeatsStop() throws Exception {
    var agent = new Heard();
    ControlPlaneClient client = connect("i-1", agent);
    await().until(() -> !heard.agents.isEmpty());
    nanos.addAndGet(LEASE.toNanos() - 1);
    server.expireSilent();
    client.send(beat(1));
    await().until(() -> heard.calls.contains("heartbeat 1"));
    nanos.addAndGet(LEASE.toNanos() - 1);
    server.expireSilent();
    assertThat(heard.calls).containsExactly("joined i-1", "heartbeat 1");

    nanos.addAndGet(1);
    server.expireSilent();
    server.expireSilent();

    assertThat(heard.calls)
        .containsExactly("joined i-1", "heartbeat 1", "lost i-1: no heartbeat for 30 s");
    assertThat(agent.reason()).endsWith("refused: no heartbeat for 30 s");
  }

  @Test
  void shouldDeclareAgentLostWhenItEndsWithoutRelease() throws Exception {
    connect("i-1", new Heard()).close();

    await().until(() -> heard.calls.contains("lost i-1: agent ended by itself"));
    connect("i-1", new Heard());
    await().until(() -> heard.agents.size() == 2);
  }

  @Test
  void shouldDropMessagesWhenAgentIsGone() throws Exception {
    connect("i-1", new Heard()).close();
    await().until(() -> heard.calls.size() == 2);

    heard.agents.get(0).start(StartTask.getDefaultInstance());
    heard.agents.get(0).release("late");
  }

  @Test
  void shouldDisconnectAgentsWhenDriverEnds() throws Exception {
    var agent = new Heard();
    connect("i-1", agent);
    await().until(() -> !agent.messages.isEmpty());

    server.close();

    assertThat(agent.reason()).contains("driver at 127.0.0.1:");
  }

  @Test
  void shouldSayWhatIsWrongWhenAddressIsNotOfThisMachine() {
    var settings =
        new ControlPlaneSettings(
            "r", "192.0.2.1", RunToken.random(), LEASE, Duration.ofSeconds(5), nanos::get);

    assertThatThrownBy(() -> ControlPlaneServer.start(settings, heard))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("control plane cannot listen on 192.0.2.1: ")
        .hasMessageEndingWith("; choose an address of this machine");
  }

  @Test
  void shouldHideTokenWhenPrinted() {
    assertThat(server.token()).hasToString("RunToken[hidden]");
    assertThat(endpoint(server.token()).toString()).doesNotContain(server.token().secret());
    assertThatThrownBy(() -> RunToken.of("short"))
        .hasMessage("run token has 5 characters, needs 32 or more");
  }
}
