package io.nfspawn.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs samtools, bcftools and the like through bash, for what tests compare with. */
public final class Tool {
  private Tool() {}

  /** Stdout of a command line, one char a byte. */
  public static String stdout(String script) throws IOException, InterruptedException {
    Path out = Files.createTempFile("tool", ".out");
    Path err = Files.createTempFile("tool", ".err");
    try {
      Process process =
          new ProcessBuilder("bash", "-o", "pipefail", "-c", script)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException(script + " failed: " + Files.readString(err));
      }
      return Files.readString(out, StandardCharsets.ISO_8859_1);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Record lines of a VCF text. */
  public static String body(String vcf) {
    StringBuilder body = new StringBuilder();
    for (String line : vcf.split("(?<=\n)", -1)) {
      if (!line.startsWith("#")) {
        body.append(line);
      }
    }
    return body.toString();
  }
}
