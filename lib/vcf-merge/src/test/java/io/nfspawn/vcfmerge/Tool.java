package io.nfspawn.vcfmerge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs the real bcftools, tabix, bgzip. */
public final class Tool {
  private Tool() {}

  /** Standard output; fails the test on another exit code than 0. */
  public static String run(Object... command) {
    return new String(runForBytes(command), StandardCharsets.ISO_8859_1);
  }

  public static byte[] runForBytes(Object... command) {
    List<String> words = Arrays.stream(command).map(Object::toString).toList();
    try {
      Path errors = Files.createTempFile("tool", ".err");
      try {
        Process process = new ProcessBuilder(words).redirectError(errors.toFile()).start();
        byte[] out = process.getInputStream().readAllBytes();
        int exit = process.waitFor();
        assertThat(exit).as("%s: %s", words, Files.readString(errors)).isZero();
        return out;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
