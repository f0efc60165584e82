package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Samtools;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code convert --sort} as users type it. */
class SortCommandTest {
  @TempDir Path dir;

  @Test
  void shouldSortAPipeAndLeaveNothingElse() throws Exception {
    Path bam =
        new GeneratedBam(51)
            .addRecords(9000)
            .write(dir.resolve("in.bam"), GeneratedBam.header("@HD\tVN:1.6\tSO:unsorted"));
    Path target = Files.createDirectory(dir.resolve("out")).resolve("d.bams3");
    CommandRun run =
        CommandRun.shell("< " + bam, "convert", "--sort", "--memory", "1M", "-", target.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(target + ": 9000 records, chunk span 1048576 bases, coordinate sorted\n");
    assertThat(target.getParent().toFile().list()).containsExactly("d.bams3");
    assertThat(
            CommandRun.shell("| samtools view -h --no-PG", "to-bam", target.toString(), "-").out())
        .isEqualTo(Samtools.text("sort", "--no-PG", "-O", "sam", "-o", "-", bam.toString()));
  }

  @Test
  void shouldTellUsageErrors() {
    assertUsage("--memory and --tmp are for --sort; add it or leave them", "--memory", "1G");
    assertUsage(
        "--tmp " + dir + "/none is not a directory; make it first",
        "--sort",
        "--tmp",
        dir + "/none");
    assertUsage(
        "--memory is 999999 MiB; it must be 1 to %d with this heap (SPAWN_JAVA_OPTS=-Xmx8g makes it larger)"
            .formatted((long) (Runtime.getRuntime().maxMemory() * 0.6) >> 20),
        "--sort",
        "--memory",
        "999999M");
    assertUsage(
        "Invalid value for option '--memory': '1x' is not a number of bytes, such as 512M or 2G (1024-based)",
        "--sort",
        "--memory",
        "1x");
  }

  private void assertUsage(String message, String... options) {
    List<String> arguments = new ArrayList<>(List.of("convert"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("in.bam", dir + "/x"));
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertThat(Bams3Command.run(arguments.toArray(new String[0]))).isEqualTo(2);
    } finally {
      System.setErr(before);
    }
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("bams3: " + message + "\n");
  }
}
