package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.wire.TaskEvent;
import io.nfspawn.protocol.wire.TaskExited;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real tasks through a real agent, the same one for all tests. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TasksTest {
  @TempDir static Path directory;
  private TestDriver driver;
  private AgentLink agent;

  @BeforeAll
  void launch() throws Exception {
    driver = new TestDriver(directory, 1, Duration.ofSeconds(30));
    agent = driver.launch("i-1");
  }

  @AfterAll
  void end() {
    driver.close();
    driver.awaitNothingLeft();
  }

  @Test
  void shouldReportExitStatusAndKeepOutputInCommandLogWhenTaskEnds() throws Exception {
    agent.start(driver.task("ok", "echo out; echo err >&2; pwd").build());
    agent.start(driver.task("three", "exit 3").build());
    agent.start(driver.task("signal", "kill -9 $$").build());

    assertThat(driver.awaitExit("ok")).isEqualTo(TaskExited.getDefaultInstance());
    assertThat(driver.awaitExit("three").getExitStatus()).isEqualTo(3);
    assertThat(driver.awaitExit("signal").getExitStatus()).isEqualTo(137);
    assertThat(driver.file("ok", ".command.log"))
        .content()
        .isEqualTo("out\nerr\n" + driver.file("ok", "").toRealPath() + "\n");
    assertThat(driver.events.stream().filter(event -> event.getTaskId().equals("ok")))
        .extracting(TaskEvent::getKindCase)
        .containsExactly(TaskEvent.KindCase.STARTED, TaskEvent.KindCase.EXITED);
  }

  @Test
  void shouldSayWhatIsWrongWhenWorkDirectoryIsMissing() throws Exception {
    agent.start(driver.task("gone", "true").setWorkDirUri("file:///no/such/place/").build());
    agent.start(driver.task("far", "true").setWorkDirUri("s3://bucket/work").build());

    TaskExited gone = driver.awaitExit("gone");
    assertThat(gone.getExitStatus()).isEqualTo(127);
    assertThat(gone.getKilledByAgent()).isFalse();
    assertThat(gone.getReason())
        .isEqualTo(
            "task cannot be run: work directory file:///no/such/place/ is not a directory of this"
                + " instance; is it on a shared file system?");
    assertThat(driver.awaitExit("far").getReason())
        .isEqualTo(
            "task cannot be run: work directory s3://bucket/work cannot be reached from this"
                + " instance");
  }

  @Test
  void shouldGiveTaskItsMarkerItsPathAndNoInputWhenItStarts() throws Exception {
    agent.start(
        driver
            .task("env", "cat; echo $SPAWN_TASK; echo $SPAWN_INSTANCE; echo ${PATH%%:*}; env")
            .addPathPrepend("/opt/plugin/bin")
            .build());

    driver.awaitExit("env");
    String log = Files.readString(driver.file("env", ".command.log"));
    assertThat(log.lines().limit(3))
        .containsExactly(driver.runId + "/env/1", driver.runId + "/i-1", "/opt/plugin/bin");
    assertThat(log).doesNotContain("SPAWN_GANG=", "SPAWN_CHANNEL_");
  }

  @Test
  void shouldEndOnlyTheTaskWhenItsScriptKillsItsGroup() throws Exception {
    agent.start(driver.task("group", "kill -TERM 0; sleep 60").build());

    assertThat(driver.awaitExit("group").getExitStatus()).isEqualTo(143);
    agent.start(driver.task("after", "true").build());
    assertThat(driver.awaitExit("after").getExitStatus()).isZero();
  }

  @Test
  void shouldEndGrandchildrenThatCalledSetsidWhenTaskIsKilled() throws Exception {
    agent.start(
        driver
            .task(
                "tree",
                "setsid bash -c 'trap \"\" TERM; touch escaped; while :; do sleep 1; done' &\n"
                    + "(setsid sleep 1000 &)\n"
                    + "env -i sleep 1000 &\n"
                    + "wait")
            .build());
    driver.awaitFile("tree", "escaped");
    String marker = "SPAWN_TASK=" + driver.runId + "/tree/1";
    await().until(() -> TestDriver.processesWith("environ", marker).size() >= 3);

    agent.kill(TestDriver.kill("tree", 300));

    TaskExited exit = driver.awaitExit("tree");
    assertThat(TestDriver.processesWith("environ", marker)).isEmpty();
    assertThat(exit.getExitStatus()).isEqualTo(143);
    assertThat(exit.getKilledByAgent()).isTrue();
    assertThat(exit.getReason()).isEqualTo("test says so");
  }

  @Test
  void shouldGiveTimeToCleanUpWhenGraceIsLong() throws Exception {
    agent.start(
        driver
            .task(
                "tidy",
                "trap 'sleep 0.2; touch tidied; exit 9' TERM; touch up; while :; do sleep 0.05; done")
            .build());
    driver.awaitFile("tidy", "up");

    agent.kill(TestDriver.kill("tidy", 20_000));

    TaskExited exit = driver.awaitExit("tidy");
    assertThat(exit.getExitStatus()).isEqualTo(9);
    assertThat(driver.file("tidy", "tidied")).exists();
  }

  @Test
  void shouldIgnoreKillWhenTaskIsUnknownOrOver() throws Exception {
    agent.kill(TestDriver.kill("nobody", 100));
    agent.start(driver.task("quick", "true").build());
    driver.awaitExit("quick");
    agent.kill(TestDriver.kill("quick", 100));
    agent.start(driver.task("next", "true").build());

    assertThat(driver.awaitExit("next").getExitStatus()).isZero();
    assertThat(driver.awaitExit("quick").getKilledByAgent()).isFalse();
  }

  @Test
  void shouldLeakNeitherThreadsNorFilesWhenManyTasksRun() throws Exception {
    long pid = agent.hello().getPid();
    run("warm", 50);
    int files = count(pid, "fd");
    int rounds = Boolean.getBoolean("spawn.soak") ? 200 : 20;

    for (int round = 1; round <= rounds; round++) {
      run("round" + round, 50);
    }

    assertThat(count(pid, "fd")).as("open files").isLessThanOrEqualTo(files + 8);
    // At most one that waits and one that reaps for each of the tasks that overlap.
    assertThat(count(pid, "task")).as("threads").isLessThanOrEqualTo(2 * 200 + 30);
  }

  @Test
  void shouldRunTwoHundredTasksAtOnceWhenToldSo() throws Exception {
    run("many", 200);
  }

  private void run(String prefix, int many) throws Exception {
    for (int i = 0; i < many; i++) {
      agent.start(driver.task(prefix + i, "exit " + i % 100).build());
    }
    List<String> ids = IntStream.range(0, many).mapToObj(i -> prefix + i).toList();
    await().atMost(TestDriver.LIMIT).until(() -> driver.exits.keySet().containsAll(ids));
    for (int i = 0; i < many; i++) {
      assertThat(driver.exits).hasEntrySatisfying(ids.get(i), hasStatus(i % 100));
    }
  }

  private static Consumer<TaskExited> hasStatus(int status) {
    return exit -> assertThat(exit.getExitStatus()).isEqualTo(status);
  }

  private static int count(long pid, String what) throws IOException {
    try (var entries = Files.list(Path.of("/proc/" + pid + "/" + what))) {
      return (int) entries.count();
    }
  }
}
