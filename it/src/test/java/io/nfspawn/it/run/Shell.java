package io.nfspawn.it.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs a line of bash, for comparison with the tools of the field. */
public final class Shell {
  private Shell() {}

  /**
   * Standard output of the line; a failing one fails the test with what it wrote to standard error.
   */
  public static String out(Path directory, String line) {
    try {
      Process process =
          new ProcessBuilder("bash", "-o", "pipefail", "-ec", line)
              .directory(directory.toFile())
              .redirectError(
                  ProcessBuilder.Redirect.appendTo(directory.resolve("shell.err").toFile()))
              .start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new AssertionError(
            "exit %d from: %s (see %s)".formatted(exit, line, directory.resolve("shell.err")));
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
