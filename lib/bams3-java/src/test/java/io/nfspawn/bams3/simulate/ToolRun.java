package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs a shell line in a directory, as a user would; its name is in the failure. */
record ToolRun(Path directory) {

  /** Standard output; fails the test unless every command of the line exits with 0. */
  String output(String line) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", "set -euo pipefail; " + line)
            .directory(directory.toFile())
            .redirectError(directory.resolveSibling("stderr").toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(line).isZero();
    return output;
  }
}
