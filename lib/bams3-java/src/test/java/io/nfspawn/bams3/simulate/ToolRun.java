package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs a shell line in a directory, as a user would. */
record ToolRun(Path directory) {

  /** Standard output; fails the test unless every command of the line exits with 0. */
  String output(String line) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("stderr", "");
    try {
      Process process =
          new ProcessBuilder("bash", "-c", "set -euo pipefail; " + line)
              .directory(directory.toFile())
              .redirectError(errors.toFile())
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s%n%s", line, Files.readString(errors)).isZero();
      return output;
    } finally {
      Files.delete(errors);
    }
  }
}
