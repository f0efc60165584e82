package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.GeneratedBam;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code convert --format 0.2} and {@code upgrade}. */
class LegacyCommandTest {
  private static final byte[] HEADER = GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate");

  @TempDir Path dir;

  @Test
  void shouldWriteTheOldFormatAndUpgradeIt() throws Exception {
    Path bam = new GeneratedBam(1).write(dir.resolve("in.bam"), HEADER);
    String old = dir.resolve("old").toString();
    String target = dir.resolve("new").toString();
    assertThat(output(0, "convert", "--format", "0.2", bam.toString(), old))
        .isEqualTo(old + ": 0 records, chunk span 1048576 bases, coordinate sorted\n");
    assertThat(output(0, "upgrade", old, target))
        .isEqualTo(
            """
            %s: 0 records of version 0.2.0; lost in that version:
              order of header lines: @HD @SQ @RG @PG @CO
              RNEXT, PNEXT, TLEN: *, 0, 0
              types of tags: all Z, values as they were printed
              bases other than A C G T N: N
            """
                .formatted(target));
    assertThat(output(1, "upgrade", old, target))
        .isEqualTo("bams3: " + target + ": a dataset is there already; --force replaces it\n");
    assertThat(output(0, "upgrade", "--force", old, target)).startsWith(target + ": 0 records");
  }

  @Test
  void shouldSayWhatCannotBeUpgradedOrWritten() throws Exception {
    assertThat(output(1, "upgrade", dir + "/none", dir + "/x"))
        .isEqualTo("bams3: %s/none: there is no such file; check the path\n".formatted(dir));
    assertThat(output(1, "upgrade", dir.toString(), dir + "/x"))
        .isEqualTo(
            "bams3: %s: is no dataset of version 0.1 or 0.2: it has no _metadata.json\n"
                .formatted(dir));
    assertThat(output(2, "convert", "--format", "0.1", "in.bam", dir + "/x"))
        .startsWith(
            "bams3: Invalid value for option '--format': '0.1' cannot be written; formats are 1"
                + " and 0.2\n");
  }

  /** What the command prints on both streams. */
  private static String output(int exitCode, String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      assertThat(Bams3Command.run(arguments)).as("%s", printed).isEqualTo(exitCode);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
