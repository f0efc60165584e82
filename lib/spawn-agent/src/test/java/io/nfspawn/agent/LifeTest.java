package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.local.LocalInstanceProvider;
import io.nfspawn.protocol.AgentLink;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How agents end, and that nothing outlives them. */
@Tag("long")
class LifeTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Cannot be stopped by TERM and is in a session of its own. */
  private static final String STUBBORN =
      "setsid bash -c 'trap \"\" TERM; touch up; while :; do sleep 1; done' & wait";

  @TempDir Path directory;
  private TestDriver driver;

  @AfterEach
  void end() {
    driver.close();
    driver.awaitNothingLeft();
    assertThat(scratch()).isEmpty();
  }

  private AgentLink launchWithStubbornTask(Duration lease) throws Exception {
    driver = new TestDriver(directory, 1, lease);
    AgentLink agent = driver.launch("i-1");
    agent.start(driver.task("stubborn", STUBBORN).build());
    driver.awaitFile("stubborn", "up");
    return agent;
  }

  private List<Path> scratch() {
    var found = new ArrayList<Path>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(
            Path.of(System.getProperty("java.io.tmpdir")), "spawn-" + driver.runId + "-*")) {
      all.forEach(found::add);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  private String agentLog() throws IOException {
    return Files.readString(directory.resolve("logs/i-1.log"));
  }

  @Test
  void shouldEndEverythingOnBothSidesWhenTheWireGoesDead() throws Exception {
    driver = new TestDriver(directory, 1, Duration.ofSeconds(2));
    try (var wire = new StallingProxy(driver.server.address().getPort())) {
      driver.provider.launch(driver.request("i-1", wire.port()));
      driver.awaitJoined("i-1").start(driver.task("stubborn", STUBBORN).build());
      driver.awaitFile("stubborn", "up");

      wire.stall();

      await().atMost(TestDriver.LIMIT).until(() -> !driver.ended.isEmpty());
      assertThat(driver.ended.get(0).reason())
          .startsWith("agent of instance i-1 ended with exit status 1: ")
          .contains("lease ran out: driver at 127.0.0.1:" + wire.port() + " stopped answering")
          .endsWith("its log is " + directory.resolve("logs/i-1.log"));
      assertThat(driver.lost).containsEntry("i-1", "no heartbeat for 2 s");
    }
  }

  @Test
  void shouldEndEverythingWhenDriverIsGone() throws Exception {
    launchWithStubbornTask(LONG);

    driver.server.close();

    driver.awaitNothingLeft();
    assertThat(agentLog()).contains("event=agent.ending instance=i-1");
  }

  @Test
  void shouldLeaveBackgroundProcessUntilTheAgentEndsWhenTaskEndsByItself() throws Exception {
    driver = new TestDriver(directory, 1, LONG);
    AgentLink agent = driver.launch("i-1");
    agent.start(driver.task("daemon", "setsid sleep 1000 >/dev/null 2>&1 & exit 0").build());
    assertThat(driver.awaitExit("daemon").getExitStatus()).isZero();
    assertThat(TestDriver.processesWith("environ", "SPAWN_TASK=" + driver.runId + "/daemon/1"))
        .hasSize(1);

    agent.release("test is over");

    driver.awaitNothingLeft();
    await().atMost(TestDriver.LIMIT).until(() -> driver.released.contains("i-1"));
    assertThat(driver.lost).isEmpty();
    assertThat(driver.ended).isEmpty();
  }

  @Test
  void shouldTellTheDriverAndEndWhenAgentGetsSigterm() throws Exception {
    AgentLink agent = launchWithStubbornTask(LONG);

    ProcessHandle.of(agent.hello().getPid()).orElseThrow().destroy();

    await().atMost(TestDriver.LIMIT).until(() -> driver.lost.containsKey("i-1"));
    assertThat(driver.lost).containsEntry("i-1", "agent ended by itself");
    assertThat(driver.interruptions.get(0).getReason())
        .isEqualTo("agent was told to end (SIGTERM)");
    assertThat(driver.awaitExit("stubborn").getReason())
        .isEqualTo("agent was told to end (SIGTERM)");
    driver.awaitNothingLeft();
  }

  @Test
  void shouldEndItsTasksAndTellWhyWhenAgentIsKilled() throws Exception {
    AgentLink agent = launchWithStubbornTask(LONG);

    ProcessHandle.of(agent.hello().getPid()).orElseThrow().destroyForcibly();

    await().atMost(TestDriver.LIMIT).until(() -> !driver.ended.isEmpty());
    assertThat(TestDriver.processesWith("environ", "SPAWN_TASK=" + driver.runId)).isEmpty();
    assertThat(driver.ended.get(0).id()).isEqualTo(new InstanceId("i-1"));
    assertThat(driver.ended.get(0).reason())
        .startsWith("agent of instance i-1 ended with exit status 137");
    await().atMost(TestDriver.LIMIT).until(() -> driver.lost.containsKey("i-1"));
    assertThat(driver.lost.get("i-1")).startsWith("connection broke: ");
  }

  @Test
  void shouldEndAgentAndTasksQuietlyWhenTerminated() throws Exception {
    launchWithStubbornTask(LONG);

    driver.provider.terminate(new InstanceId("i-1"));
    driver.provider.terminate(new InstanceId("i-1"));

    assertThat(TestDriver.processesWith("environ", "SPAWN_INSTANCE=" + driver.runId)).isEmpty();
    assertThat(driver.ended).isEmpty();
  }

  @Test
  void shouldEndWhatANewDriverFindsOfTheRunWhenReaped() throws Exception {
    launchWithStubbornTask(LONG);
    var other = new LocalInstanceProvider(TestDriver.settings(directory, 1));

    assertThat(other.reap("another-run")).isZero();
    assertThat(other.reap(driver.runId)).isGreaterThanOrEqualTo(3);

    assertThat(TestDriver.processesWith("environ", "SPAWN_INSTANCE=" + driver.runId)).isEmpty();
  }

  @Test
  void shouldEndWithOneLineWhenTheDriverIsNotThere() throws Exception {
    driver = new TestDriver(directory, 1, LONG);
    int port = driver.server.address().getPort();
    driver.server.close();

    driver.provider.launch(driver.request("i-1", port));

    await().atMost(TestDriver.LIMIT).until(() -> !driver.ended.isEmpty());
    assertThat(driver.ended.get(0).reason())
        .contains("connection to driver at 127.0.0.1:" + port + " broke: Connection refused");
  }
}
