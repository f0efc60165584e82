package io.nfspawn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ordinary workflows give on {@code spawn} what they give on Nextflow's own local executor. */
class StockWorkflowTest {
  private static final String FIXTURE = "it/src/test/resources/stock";

  @TempDir Path dir;

  @Test
  void shouldGiveTheSameFilesAndStatesAsLocalAndTakeThemFromTheCacheAgain() {
    NextflowRun.Outcome local = run("local", "main.nf", "-with-trace", "trace.txt");
    NextflowRun.Outcome spawn = run("spawn", "main.nf", "-with-trace", "trace.txt");

    assertThat(local.exit()).as(local.output()).isZero();
    assertThat(spawn.exit()).as(spawn.output()).isZero();
    assertThat(files("spawn")).isEqualTo(files("local")).isNotEmpty();
    assertThat(states("spawn")).isEqualTo(states("local"));
    assertThat(states("spawn"))
        .contains(
            "KILLED_137 FAILED 137",
            "TOO_LONG FAILED -",
            "IGNORED FAILED 3",
            "RETRIED FAILED 7",
            "RETRIED COMPLETED 0");
    assertThat(notes(spawn)).isEqualTo(notes(local));

    NextflowRun.Outcome again = run("spawn", "main.nf", "-resume", "-with-trace", "again.txt");

    assertThat(again.exit()).as(again.output()).isZero();
    assertThat(states("spawn", "again.txt"))
        .filteredOn(state -> state.contains("COMPLETED"))
        .as("nothing that succeeded runs again")
        .isEmpty();
  }

  @Test
  void shouldFinishWhatRunsAndStartNothingMoreWhenTheStrategyIsFinish() {
    NextflowRun.Outcome local = run("local", "finish.nf", "-with-trace", "trace.txt");
    NextflowRun.Outcome spawn = run("spawn", "finish.nf", "-with-trace", "trace.txt");

    assertThat(spawn.exit()).as(spawn.output()).isEqualTo(local.exit()).isEqualTo(1);
    assertThat(spawn.output())
        .contains("terminated with an error exit status (9)", "Command error:", "the reason");
    assertThat(files("spawn")).isEqualTo(files("local")).containsOnlyKeys("done.txt");
    assertThat(states("spawn")).isEqualTo(states("local"));
  }

  @Test
  void shouldFailAtOnceNamingTheLargestSliceWhenMemoryFitsNowhere() {
    NextflowRun.Outcome spawn = run("spawn", "edges.nf", "--what", "memory");

    assertThat(spawn.exit()).isEqualTo(1);
    assertThat(spawn.output()).contains("900 TB").contains("spawn.local.memory");
  }

  @Test
  void shouldRefuseJobArraysInOneLine() {
    NextflowRun.Outcome spawn = run("spawn", "edges.nf", "--what", "array");

    assertThat(spawn.exit()).isEqualTo(1);
    assertThat(spawn.output()).contains("Executor 'spawn' does not support job arrays");
  }

  @Test
  void shouldWriteTheWrapperThatLocalWritesWhenTheTaskHasAContainer() {
    run("local", "edges.nf", "-profile", "local,container", "--what", "container");
    run("spawn", "edges.nf", "-profile", "spawn,container", "--what", "container");

    assertThat(wrapper("spawn")).isEqualTo(wrapper("local")).contains("docker run");
  }

  @Test
  void shouldRunStubsInTheBackgroundAndWriteTheReports() {
    NextflowRun.Outcome spawn =
        run(
            "spawn",
            "edges.nf",
            "--what",
            "stub",
            "-stub",
            "-bg",
            "-with-trace",
            "trace.txt",
            "-with-report",
            "report.html",
            "-with-timeline",
            "timeline.html");

    assertThat(spawn.exit()).isZero();
    Path there = dir.resolve("spawn");
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> Files.exists(there.resolve("timeline.html")) && gone(there));
    assertThat(files("spawn")).containsOnlyKeys("stub.txt").containsValue("stub\n");
    assertThat(states("spawn")).containsExactly("STUBBED COMPLETED 0");
    assertThat(there.resolve("report.html")).isNotEmptyFile();
  }

  private static boolean gone(Path there) throws IOException {
    long pid = Long.parseLong(Files.readString(there.resolve(".nextflow.pid")).strip());
    return ProcessHandle.of(pid).isEmpty();
  }

  /** Runs the fixture in a directory named after the profile. */
  private NextflowRun.Outcome run(String profile, String script, String... arguments) {
    try {
      Path there = Files.createDirectories(dir.resolve(profile));
      List<String> command = new ArrayList<>(List.of("run"));
      command.add(NextflowRun.root().resolve(FIXTURE).resolve(script).toString());
      command.addAll(List.of(arguments));
      if (!command.contains("-profile")) {
        command.addAll(List.of("-profile", profile));
      }
      return NextflowRun.in(there).run(command.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Published files and their text. */
  private Map<String, String> files(String profile) {
    Path results = dir.resolve(profile).resolve("results");
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(results)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(results.relativize(file).toString(), Files.readString(file));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> states(String profile) {
    return states(profile, "trace.txt");
  }

  /** Name, status and exit of each task, sorted. */
  private List<String> states(String profile, String trace) {
    try (Stream<String> lines = Files.lines(dir.resolve(profile).resolve(trace))) {
      return lines
          .skip(1)
          .map(line -> line.split("\t"))
          .map(field -> "%s %s %s".formatted(field[3], field[4], field[5]))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Nextflow says about failed tasks and what the script prints, without the hashes. */
  private static List<String> notes(NextflowRun.Outcome run) {
    return run.output()
        .lines()
        .filter(line -> !line.contains("ubmitted process") && !line.startsWith("nf-spawn:"))
        .skip(2)
        .map(line -> line.replaceFirst("^\\[[0-9a-f/]+] ", ""))
        .sorted()
        .toList();
  }

  /** The task's wrapper, with its own work directory and session written the same. */
  private String wrapper(String profile) {
    return Shell.out(
            dir.resolve(profile),
            "d=$(dirname work/??/*/.command.run); sed \"s#$PWD/$d#WORK#g; s#$PWD#DIR#g; s/nxf-[A-Za-z0-9]*/NAME/g\" $d/.command.run")
        .strip();
  }
}
