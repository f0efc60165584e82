package io.nfspawn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gangs end to end, with members that are plain bash. */
class GangTest {
  private static final Path FIXTURE = Path.of("it/src/test/resources/gang");

  @TempDir Path dir;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void copyFixture() throws IOException {
    for (String file : List.of("main.nf", "nextflow.config")) {
      Files.copy(NextflowRun.root().resolve(FIXTURE).resolve(file), dir.resolve(file));
    }
  }

  @Test
  void shouldMeetAndBeTakenFromTheCacheUntilAnyMemberChanges() throws IOException {
    succeed();
    assertThat(dir.resolve("results/all.txt"))
        .hasContent(
            """
            gang g role receive rank 2 of 3 epoch 1
            words of rank 0
            words of rank 1
            """);

    succeed("-resume");
    assertThat(states()).containsExactly("CACHED RECEIVE", "CACHED SEND", "CACHED SEND");

    succeed("-resume", "--args", "louder");
    assertThat(states()).as("args of the senders changed").allMatch(s -> s.startsWith("COMPLETED"));
    assertThat(dir.resolve("results/all.txt")).content().contains("words of rank 0 louder");

    edit("echo sent", "echo sent off");
    succeed("-resume", "--args", "louder");
    assertThat(states()).as("script of SEND changed").allMatch(s -> s.startsWith("COMPLETED"));

    edit("| sort >> all.txt", "| sort -r >> all.txt");
    succeed("-resume", "--args", "louder");
    assertThat(states()).as("script of RECEIVE changed").allMatch(s -> s.startsWith("COMPLETED"));
  }

  @Test
  void shouldRunCachedSendersAsShadowsWhenOnlyTheReceiverIsMissing() {
    succeed();
    deleteWorkDirOf("RECEIVE");

    succeed("-resume");

    assertThat(states()).containsExactly("CACHED SEND", "CACHED SEND", "COMPLETED RECEIVE");
    assertThat(dir.resolve("work/spawn-shadows").toFile().list()).isNullOrEmpty();
  }

  @Test
  void shouldFailPlainlyWhenAReceiverIsCachedAndASenderIsNot() {
    succeed();
    deleteWorkDirOf("SEND (1)");

    NextflowRun.Outcome run = run("-resume");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output()).contains("gang g").contains("cache");
  }

  /** Under the strict parser, whose configurations cannot name a task's inputs. */
  @Test
  void shouldRetryTheWholeGangWhenOneMemberFailsWithoutCostToTheOthers() {
    environment.put("NXF_SYNTAX_PARSER", "v2");
    succeed("--trouble", "[ $SPAWN_EPOCH$SPAWN_RANK != 10 ] || exit 9");

    assertThat(states())
        .containsExactly(
            "COMPLETED RECEIVE",
            "COMPLETED SEND",
            "COMPLETED SEND",
            "FAILED RECEIVE",
            "FAILED SEND",
            "FAILED SEND");
    assertThat(dir.resolve("results/all.txt")).content().contains("epoch 2");
  }

  @Test
  void shouldEndTheRunWhenAMemberFailsForGood() {
    NextflowRun.Outcome run = run("--trouble", "[ $SPAWN_RANK != 0 ] || { echo why >&2; exit 4; }");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output()).contains("exit status (4)", "why");
  }

  /** Each is said within seconds, not after a timeout of minutes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spawn,shortQueue          | gang g has 3 members that start together, but queueSize is 2
          spawn --forks 1           | gang g has 2 members of process SEND that start together, but its maxForks is 1
          spawn --claim 3           | every member must state the same roles in the same order
          spawn --part recieve      | ext.gang of gang(…): role 'recieve' is none of its roles [send, receive]
          spawn,small               | gang g needs 1.5 cpus
          spawn,hurry --absent true | gang g: receive ×1 never came
          """)
  void shouldSayWhyAGangCanNeverStart(String profile, String words) {
    NextflowRun.Outcome run =
        NextflowRun.in(dir).run(("run main.nf -profile " + profile).split(" "));

    assertThat(run.exit()).as(run.output()).isEqualTo(1);
    assertThat(run.output()).contains(words);
  }

  private void succeed(String... arguments) {
    NextflowRun.Outcome run = run(arguments);
    assertThat(run.exit()).as(run.output()).isZero();
  }

  private NextflowRun.Outcome run(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("run", "main.nf", "-profile", "spawn", "-with-trace", "trace.txt"));
    command.addAll(List.of(arguments));
    try {
      Files.deleteIfExists(dir.resolve("trace.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    NextflowRun run = NextflowRun.in(dir);
    environment.forEach(run::env);
    return run.run(command.toArray(String[]::new));
  }

  /** Status and process of each task of the last run, sorted. */
  private List<String> states() {
    try (Stream<String> lines = Files.lines(dir.resolve("trace.txt"))) {
      return lines
          .skip(1)
          .map(line -> line.split("\t"))
          .map(field -> "%s %s".formatted(field[4], field[3].replaceAll(" .*", "")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void edit(String old, String replacement) throws IOException {
    String script = Files.readString(dir.resolve("main.nf"));
    assertThat(script).contains(old);
    Files.writeString(dir.resolve("main.nf"), script.replace(old, replacement));
  }

  private void deleteWorkDirOf(String task) {
    Shell.out(
        dir,
        "rm -r \"$(dirname \"$(grep -lF \"name: '%s'\" work/??/*/.command.run)\")\""
            .formatted(task));
  }
}
