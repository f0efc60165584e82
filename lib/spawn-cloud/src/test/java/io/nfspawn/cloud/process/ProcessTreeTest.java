package io.nfspawn.cloud.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTreeTest {
  private static final Duration GRACE = Duration.ofMillis(300);
  private final Marker marker = Marker.ofTask("p" + System.nanoTime(), "task", 1);

  private Process start(String script) throws IOException {
    var builder = new ProcessBuilder("bash", "-c", script);
    builder.environment().put(marker.variable(), marker.value());
    return builder.start();
  }

  private ProcessTree tree() {
    return ProcessTree.of(marker);
  }

  private void awaitProcesses(int count) {
    await().atMost(Duration.ofSeconds(20)).until(() -> tree().living().size() >= count);
  }

  @Test
  void shouldFindProcessesWithoutParentWhenTheyCarryTheMarker() throws Exception {
    Process process = start("setsid sleep 1000 & exit 0");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    awaitProcesses(1);

    assertThat(tree().end(GRACE)).isEqualTo(1);
    assertThat(tree().living()).isEmpty();
  }

  @Test
  void shouldFindDescendantsWhenTheyClearedTheirEnvironment() throws Exception {
    start("env -i bash -c 'sleep 1000 & wait' & wait");
    awaitProcesses(3);

    assertThat(tree().end(GRACE)).isEqualTo(3);
  }

  @Test
  void shouldKillWhenProcessIgnoresTerm() throws Exception {
    start("trap '' TERM; while :; do sleep 0.1; done");
    awaitProcesses(2);

    long start = System.nanoTime();
    tree().end(GRACE);

    assertThat(tree().living()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(GRACE);
  }

  @Test
  void shouldNotWaitForGraceWhenAllEndAtOnce() throws Exception {
    start("sleep 1000");
    awaitProcesses(1);
    long start = System.nanoTime();

    tree().end(Duration.ofSeconds(60));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void shouldLetTrapFinishWhenItStartsProcessesOfItsOwn(@TempDir Path directory) throws Exception {
    Process process =
        start(
            "cd "
                + directory
                + "; trap 'for i in 1 2 3 4 5; do sleep 0.05 || exit 1; done; touch tidied; exit 9'"
                + " TERM; touch up; while :; do sleep 0.05; done");
    await().until(() -> Files.exists(directory.resolve("up")));

    tree().end(Duration.ofSeconds(60));

    assertThat(process.waitFor()).isEqualTo(9);
    assertThat(directory.resolve("tidied")).exists();
  }

  @Test
  void shouldPutShellsBeforeTheirCommandsWhenTelling() throws Exception {
    Process shell = start("bash -c 'sleep 1000; true'; true");
    awaitProcesses(3);

    List<ProcessHandle> order = ProcessTree.parentsFirst(tree().living());

    assertThat(order).hasSize(3).startsWith(shell.toHandle());
    assertThat(order.get(2).parent()).contains(order.get(1));
    tree().end(GRACE);
  }

  @Test
  void shouldTellWhatATrapLeavesBehindWhenTheShellHasEnded() throws Exception {
    Process process = start("trap 'sleep 1000 & exit 9' TERM; while :; do sleep 0.05; done");
    awaitProcesses(2);
    long start = System.nanoTime();

    tree().end(Duration.ofSeconds(60));

    assertThat(process.waitFor()).isEqualTo(9);
    assertThat(tree().living()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void shouldEndNothingWhenNothingCarriesTheMarker() {
    assertThat(tree().end(GRACE)).isZero();
  }

  @Test
  void shouldMatchWholeEntriesOnlyWhenReadingAnEnvironment() {
    Marker task = Marker.ofTask("r1", "t", 1);
    assertThat(task.isIn(environ("A=b", "SPAWN_TASK=r1/t/1", "C=d"))).isTrue();
    assertThat(task.isIn(environ("SPAWN_TASK=r1/t/12"))).isFalse();
    assertThat(task.isIn(environ("X=SPAWN_TASK=r1/t/1"))).isFalse();
    assertThat(task.isIn(environ())).isFalse();
    assertThat(Marker.ofRun("r1").isIn(environ("SPAWN_INSTANCE=r1/i-7"))).isTrue();
    assertThat(Marker.ofRun("r1").isIn(environ("SPAWN_INSTANCE=r12/i-7"))).isFalse();
  }

  private static byte[] environ(String... entries) {
    return (String.join("\0", entries) + "\0").getBytes(StandardCharsets.UTF_8);
  }
}
