package io.nfspawn.bams3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real samtools, as the measure of equality. */
public final class Samtools {
  private Samtools() {}

  /** Runs samtools; returns its standard output. */
  public static byte[] run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("samtools"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    process.getInputStream().transferTo(out);
    try {
      assertThat(process.waitFor()).as("exit code of %s", command).isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  public static String text(String... arguments) throws IOException {
    return new String(run(arguments), StandardCharsets.ISO_8859_1);
  }

  public static String view(Path bam, String... regions) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("view"));
    if (regions.length > 1) {
      arguments.add("-M");
    }
    arguments.add(bam.toString());
    arguments.addAll(List.of(regions));
    return text(arguments.toArray(new String[0]));
  }
}
