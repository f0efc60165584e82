package io.nfspawn.it.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code ./nextflow} as a user types it, in a directory of its own.
 *
 * <pre>{@code
 * NextflowRun.Outcome done = NextflowRun.in(dir).run("run", "main.nf", "-profile", "spawn");
 * assertThat(done.exit()).as(done.output()).isZero();
 * }</pre>
 */
public final class NextflowRun {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** What a background job starts ignores Ctrl-C, and so would all that it starts. */
  private static final List<String> AS_IN_THE_FOREGROUND = List.of("env", "--default-signal=INT");

  /** A fifth of a small run's CPU time would go into compiling what soon ends. */
  private static final String QUICK_COMPILER_ALONE = "-XX:TieredStopAtLevel=1";

  private final Path directory;
  private final List<String> launcher =
      new ArrayList<>(List.of(root().resolve("nextflow").toString()));
  private final Map<String, String> environment = new HashMap<>();

  private NextflowRun(Path directory) {
    this.directory = directory;
  }

  /** The root of the source tree. */
  public static Path root() {
    return Path.of(System.getProperty("spawn.root"));
  }

  /**
   * Real data beside the source tree, or null when there are none: then a test is skipped and says
   * so.
   */
  public static Path sharedData(String name) {
    Path data = root().resolveSibling("shared").resolve("data").resolve(name);
    return Files.exists(data) ? data : null;
  }

  public static NextflowRun in(Path directory) {
    return new NextflowRun(directory);
  }

  public NextflowRun env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Another launcher than the root's {@code ./nextflow}, e.g. a symbolic link to it. */
  public NextflowRun launcher(String... command) {
    launcher.clear();
    launcher.addAll(List.of(command));
    return this;
  }

  /** Runs to the end. Fails when that takes longer than a few minutes. */
  public Outcome run(String... arguments) {
    try (Running running = start(arguments)) {
      return running.await(PATIENCE);
    }
  }

  /** Starts and returns at once; close it to be sure that it is gone. */
  public Running start(String... arguments) {
    try {
      Path log = Files.createTempFile(directory, "console-", ".txt");
      List<String> command = new ArrayList<>(AS_IN_THE_FOREGROUND);
      command.addAll(launcher);
      command.addAll(List.of(arguments));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.environment().put("NXF_ANSI_LOG", "false");
      builder.environment().put("SPAWN_BUILD", "skip"); // Maven has built what is tested
      builder.environment().put("SPAWN_JAVA_OPTS", QUICK_COMPILER_ALONE);
      builder.environment().putAll(environment);
      return new Running(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A run under way. */
  public record Running(Process process, Path log) implements AutoCloseable {
    public Outcome await(Duration patience) {
      long start = System.nanoTime();
      try {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError("still running after %s:%n%s".formatted(patience, output()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
      return new Outcome(
          process.exitValue(), output(), Duration.ofNanos(System.nanoTime() - start));
    }

    /** What it has printed so far, stdout and stderr. */
    public String output() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** How a run ended. */
  public record Outcome(int exit, String output, Duration took) {}
}
