package io.nfspawn.it.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The processes of one run, found by a mark that they inherit in their environment. */
public final class MarkedProcesses {
  public static final String VARIABLE = "NFSPAWN_TEST_MARK";

  private final String mark = UUID.randomUUID().toString();

  public String mark() {
    return mark;
  }

  /** A living process and its command line, words separated by blanks. */
  public record Marked(long pid, String commandLine) {
    public void kill9() {
      Shell.out(Path.of("/tmp"), "kill -9 %d".formatted(pid));
    }
  }

  public List<Marked> all() {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("\\d+"))
          .filter(entry -> read(entry.resolve("environ")).contains(VARIABLE + "=" + mark))
          .map(
              entry ->
                  new Marked(
                      Long.parseLong(entry.getFileName().toString()),
                      read(entry.resolve("cmdline")).replace('\0', ' ')))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The first whose command line contains the text. */
  public Optional<Marked> find(String text) {
    return all().stream().filter(process -> process.commandLine().contains(text)).findFirst();
  }

  /** Empty when the process has ended meanwhile. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
