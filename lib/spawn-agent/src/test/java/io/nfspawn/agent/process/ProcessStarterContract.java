package io.nfspawn.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nfspawn.cloud.process.Marker;
import io.nfspawn.cloud.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task can rely on, whichever way it is started. */
abstract class ProcessStarterContract {
  @TempDir Path directory;
  private ProcessStarter starter;

  /** Skips the tests, with the reason, where there is none. */
  abstract ProcessStarter starter();

  @BeforeEach
  void find() {
    starter = starter();
  }

  private StartedProcess start(String script, Map<String, String> environment) throws IOException {
    return starter.start(
        new Launch(
            List.of("/bin/bash", "-c", script), directory, "log", environment, Set.of("HOME")));
  }

  String output(String script) throws IOException {
    assertThat(start(script, Map.of()).awaitExit()).isZero();
    return Files.readString(directory.resolve("log"));
  }

  @Test
  void shouldPutWhatItPrintsIntoAnEmptiedFileWhenItRuns() throws Exception {
    Files.writeString(directory.resolve("log"), "something long from before\n".repeat(10));

    assertThat(output("echo out; echo err >&2; pwd; cat"))
        .isEqualTo("out\nerr\n" + directory.toRealPath() + "\n");
  }

  @Test
  void shouldTellExitStatusOrSignalWhenItEnds() throws Exception {
    assertThat(start("exit 0", Map.of()).awaitExit()).isZero();
    assertThat(start("exit 255", Map.of()).awaitExit()).isEqualTo(255);
    assertThat(start("kill -TERM $$", Map.of()).awaitExit()).isEqualTo(143);
    assertThat(start("kill -KILL $$", Map.of()).awaitExit()).isEqualTo(137);
  }

  @Test
  void shouldGiveItsEnvironmentAndTheProgramsOwnButWhatIsWithheldWhenItStarts() throws Exception {
    String own = System.getenv("PATH");
    assertThat(start("env", Map.of("SPAWN_X", "a b=c", "LANG", "C")).awaitExit()).isZero();

    List<String> lines = Files.readAllLines(directory.resolve("log"));
    assertThat(lines).contains("SPAWN_X=a b=c", "LANG=C", "PATH=" + own).doesNotHaveDuplicates();
    assertThat(lines).noneMatch(line -> line.startsWith("HOME="));
    assertThat(lines).filteredOn(line -> line.startsWith("LANG=")).hasSize(1);
  }

  @Test
  void shouldHaveASessionOfItsOwnWhenItRuns() throws Exception {
    StartedProcess started = start("read -ra s < /proc/$$/stat; echo $$ ${s[4]} ${s[5]}", Map.of());

    assertThat(started.awaitExit()).isZero();
    long pid = started.handle().pid();
    assertThat(directory.resolve("log")).content().isEqualTo("%1$d %1$d %1$d\n".formatted(pid));
  }

  @Test
  void shouldInheritNoOpenFilesWhenThisProgramHasMany() throws Exception {
    Path open = Files.createFile(directory.resolve("open"));
    try (var one = Files.newInputStream(open);
        var two = Files.newByteChannel(open)) {
      assertThat(one.available() + two.size()).isZero();
      // ls itself opens the directory it lists.
      assertThat(output("ls /proc/self/fd").lines()).containsExactly("0", "1", "2", "3");
      assertThat(output("ls -l /proc/$$/fd")).contains("0 -> /dev/null").doesNotContain("open");
    }
  }

  @Test
  void shouldBeEndedBySignalsWhenThisProgramBlocksOrHandlesThem() throws Exception {
    long ignored = signalsIgnoredHere();
    Map<String, Integer> signals =
        Map.of("HUP", 1, "INT", 2, "USR1", 10, "USR2", 12, "PIPE", 13, "TERM", 15);
    for (Map.Entry<String, Integer> signal : signals.entrySet()) {
      int status = start("kill -" + signal.getKey() + " $$", Map.of()).awaitExit();
      boolean passedOn = (ignored >> (signal.getValue() - 1) & 1) != 0;
      assertThat(status > 128).as(signal + " ends with " + status).isNotEqualTo(passedOn);
    }
  }

  /**
   * What nohup or a script's {@code &} tells a program to ignore is ignored by its children, too.
   */
  private static long signalsIgnoredHere() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldSayWhatIsWrongWhenItCannotStart() {
    Path none = directory.resolve("none");
    assertThatThrownBy(
            () -> starter.start(new Launch(List.of("/bin/true"), none, "log", Map.of(), Set.of())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(none.toString())
        .hasMessageContaining("No such file or directory");
  }

  @Test
  void shouldRunInADirectoryWithSpacesAndSignsWhenItIsNamedSo() throws Exception {
    Path odd = Files.createDirectory(directory.resolve("a b'c$d"));
    StartedProcess started =
        starter.start(new Launch(List.of("/bin/pwd"), odd, "log", Map.of(), Set.of()));

    assertThat(started.awaitExit()).isZero();
    assertThat(odd.resolve("log")).content().isEqualTo(odd.toRealPath() + "\n");
  }

  @Test
  void shouldBeFoundByItsMarkerAndEndWithItsWholeTreeWhenKilled() throws Exception {
    Marker marker = Marker.ofTask("r" + ProcessHandle.current().pid(), directory.toString(), 1);
    StartedProcess started =
        start(
            "setsid bash -c 'trap \"\" TERM; touch up; while :; do sleep 1; done' & wait",
            Map.of(Marker.TASK, marker.value()));
    await().until(() -> Files.exists(directory.resolve("up")));
    assertThat(ProcessTree.of(marker).living()).contains(started.handle()).hasSizeGreaterThan(1);

    ProcessTree.of(marker, started.handle()).end(Duration.ofMillis(200));

    assertThat(started.awaitExit()).isEqualTo(143);
    assertThat(ProcessTree.of(marker).living()).isEmpty();
  }

  @Test
  void shouldLeaveNeitherZombiesNorOpenFilesWhenManyHaveEnded() throws Exception {
    assertThat(start("exit 0", Map.of()).awaitExit()).isZero();
    long files = count("fd");
    var pids = new ArrayList<Long>();
    for (int i = 0; i < 40; i++) {
      StartedProcess started = start("exit " + i, Map.of());
      pids.add(started.handle().pid());
      assertThat(started.awaitExit()).isEqualTo(i);
      assertThat(started.handle().isAlive()).isFalse();
    }

    assertThat(pids).noneMatch(pid -> Files.exists(Path.of("/proc/" + pid)));
    assertThat(count("fd")).isLessThanOrEqualTo(files + 2);
  }

  private static long count(String what) throws IOException {
    try (var entries = Files.list(Path.of("/proc/self/" + what))) {
      return entries.count();
    }
  }
}
