package io.nfspawn.bams3.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command as a process of its own, as users run it. */
record CommandRun(int exitCode, String out, String err) {

  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.nfspawn.bams3.cli.Bams3Command");
    command.addAll(List.of(arguments));
    return command;
  }

  static CommandRun of(String... arguments) throws IOException, InterruptedException {
    return run(command(arguments));
  }

  /** The same with another heap, such as {@code 512m}. */
  static CommandRun withHeap(String heap, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = command(arguments);
    command.add(command.indexOf("-cp"), "-Xmx" + heap);
    return run(command);
  }

  /** The command as the first of a shell pipeline, or with redirections. */
  static CommandRun shell(String rest, String... arguments)
      throws IOException, InterruptedException {
    StringBuilder line = new StringBuilder();
    for (String word : command(arguments)) {
      line.append('\'').append(word).append("' ");
    }
    return run(List.of("bash", "-c", "set -o pipefail; " + line + rest));
  }

  private static CommandRun run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Thread reader =
        new Thread(
            () -> {
              try {
                process.getErrorStream().transferTo(err);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            },
            "stderr");
    reader.start();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    process.getInputStream().transferTo(out);
    int exit = process.waitFor();
    reader.join();
    return new CommandRun(
        exit, out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.UTF_8));
  }
}
