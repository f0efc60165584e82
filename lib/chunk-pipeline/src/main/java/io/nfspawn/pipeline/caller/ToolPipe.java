package io.nfspawn.pipeline.caller;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;

/**
 * Programs joined by pipes, run without a shell: a shell would be one more process for each of
 * thousands of work items. What they print on stderr goes to files in a scratch directory.
 */
final class ToolPipe {
  private static final int LAST_LINES = 10;
  private static final Pattern COMPLAINT = Pattern.compile("(?i)unrecognized|invalid|error|fail");

  /** Exit statuses above are signals, as shells and the JDK number them. */
  private static final int SIGNALLED = 128;

  private static final int SIGPIPE = 13;
  private static final int LAST_SIGNAL = 64;

  private final List<Process> processes;
  private final List<String> names;
  private final List<Path> errors;

  private ToolPipe(List<Process> processes, List<String> names, List<Path> errors) {
    this.processes = processes;
    this.names = names;
    this.errors = errors;
  }

  /** Writes what the first program reads on stdin, and closes the stream. */
  @FunctionalInterface
  interface Feed {
    /** Nothing to read. */
    Feed NOTHING = OutputStream::close;

    void writeTo(OutputStream stdin) throws IOException;
  }

  /**
   * @param output all of the last program's stdout, one char a byte
   * @param fault what went wrong, empty when every program ended with 0
   * @param lastLines end of what the programs printed on stderr
   */
  record Outcome(String output, String fault, String lastLines) {}

  /**
   * Runs programs to their end.
   *
   * @param scratch takes their stderr
   * @param feeders runs {@code feed} while this thread reads
   * @throws IOException when one of them cannot be started
   */
  static Outcome run(List<List<String>> commands, Path scratch, Feed feed, ExecutorService feeders)
      throws IOException, InterruptedException {
    List<ProcessBuilder> builders = new ArrayList<>();
    List<Path> errors = new ArrayList<>();
    for (List<String> command : commands) {
      Path error = scratch.resolve("stderr." + errors.size());
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(error.toFile());
      builder.environment().put("TMPDIR", scratch.toString());
      builders.add(builder);
      errors.add(error);
    }
    ToolPipe pipe =
        new ToolPipe(
            ProcessBuilder.startPipeline(builders),
            commands.stream().map(ToolPipe::name).toList(),
            errors);
    try {
      return pipe.gather(feed, feeders);
    } finally {
      pipe.processes.forEach(Process::destroyForcibly);
    }
  }

  private Outcome gather(Feed feed, ExecutorService feeders)
      throws IOException, InterruptedException {
    CompletableFuture<Void> fed =
        CompletableFuture.runAsync(() -> feed(feed, processes.get(0).getOutputStream()), feeders);
    ByteArrayOutputStream output = new ByteArrayOutputStream(1 << 14);
    try (InputStream out = processes.get(processes.size() - 1).getInputStream()) {
      out.transferTo(output);
    }
    for (Process process : processes) {
      process.waitFor();
    }
    fed.join();
    return new Outcome(output.toString(StandardCharsets.ISO_8859_1), fault(), lastLines());
  }

  private static void feed(Feed feed, OutputStream stdin) {
    try (stdin) {
      feed.writeTo(stdin);
    } catch (IOException e) {
      // The program closed its stdin early; its exit status tells whether that is a fault.
      return;
    }
  }

  /** What each program that failed did; starved ones (SIGPIPE) only when nothing else is told. */
  private String fault() {
    List<String> faults = new ArrayList<>();
    List<String> starved = new ArrayList<>();
    for (int i = 0; i < processes.size(); i++) {
      int status = processes.get(i).exitValue();
      if (status == SIGNALLED + SIGPIPE) {
        starved.add(names.get(i) + " had no reader");
      } else if (status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL) {
        faults.add(names.get(i) + " was killed by signal " + (status - SIGNALLED));
      } else if (status != 0) {
        faults.add(names.get(i) + " exited " + status);
      }
    }
    return String.join(", ", faults.isEmpty() ? starved : faults);
  }

  private static String name(List<String> command) {
    return command.get(0).equals("bash") ? "it" : command.get(0) + " " + command.get(1);
  }

  private String lastLines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path error : errors) {
      lines.addAll(
          new String(Files.readAllBytes(error), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList());
    }
    // A usage text hides the complaint above it.
    int last = Math.max(0, lines.size() - LAST_LINES);
    List<String> told =
        new ArrayList<>(
            lines.subList(0, last).stream()
                .filter(line -> COMPLAINT.matcher(line).find())
                .limit(3)
                .toList());
    told.addAll(lines.subList(last, lines.size()));
    return String.join("\n", told);
  }
}
