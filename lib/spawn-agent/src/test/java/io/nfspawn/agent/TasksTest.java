package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.wire.TaskExited;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real tasks through a real agent. */
class TasksTest {
  @TempDir Path directory;
  private TestDriver driver;
  private AgentLink agent;

  @BeforeEach
  void launch() throws Exception {
    driver = new TestDriver(directory, 1, Duration.ofSeconds(30));
    agent = driver.launch("i-1");
  }

  @AfterEach
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
    assertThat(driver.events.get(0).hasStarted()).isTrue();
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
    assertThat(log).doesNotContain("SPAWN_GANG=", "SPAWN_CHANNEL_KEY=");
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
                "tidy", "trap 'touch tidied; exit 9' TERM; touch up; while :; do sleep 0.05; done")
            .build());
    driver.awaitFile("tidy", "up");

    agent.kill(TestDriver.kill("tidy", 20_000));

    assertThat(driver.awaitExit("tidy").getExitStatus()).isEqualTo(9);
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
    assertThat(driver.exits.get("quick").getKilledByAgent()).isFalse();
  }

  @Test
  void shouldLeaveBackgroundProcessUntilTheAgentEndsWhenTaskEndsByItself() throws Exception {
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
  void shouldLeakNeitherThreadsNorFilesWhenManyTasksRun() throws Exception {
    long pid = agent.hello().getPid();
    run(0, 50);
    int files = count(pid, "fd");
    int rounds = Boolean.getBoolean("spawn.soak") ? 200 : 20;

    for (int round = 1; round <= rounds; round++) {
      run(50 * round, 50);
    }

    assertThat(count(pid, "fd")).as("open files").isLessThanOrEqualTo(files + 8);
    // At most one that waits and one that reaps for each of the tasks that overlap.
    assertThat(count(pid, "task")).as("threads").isLessThanOrEqualTo(2 * 50 + 30);
  }

  @Test
  void shouldRunTwoHundredTasksAtOnceWhenToldSo() throws Exception {
    run(0, 200);
    assertThat(driver.exits).hasSize(200);
  }

  private void run(int first, int many) throws Exception {
    for (int i = first; i < first + many; i++) {
      agent.start(driver.task("n" + i, "exit " + i % 100).build());
    }
    await().atMost(TestDriver.LIMIT).until(() -> driver.exits.size() >= first + many);
    IntStream.range(first, first + many)
        .forEach(i -> assertThat(driver.exits.get("n" + i).getExitStatus()).isEqualTo(i % 100));
  }

  private static int count(long pid, String what) {
    return Path.of("/proc/" + pid + "/" + what).toFile().list().length;
  }
}
