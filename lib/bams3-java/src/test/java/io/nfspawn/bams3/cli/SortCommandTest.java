package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Samtools;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void shouldTellUsageErrors() throws Exception {
    assertUsage("--memory and --tmp are for --sort; add it or leave them", "--memory", "1G");
    assertUsage(
        "--tmp " + dir + "/none is not a directory; make it first",
        "--sort",
        "--tmp",
        dir + "/none");
    assertUsage(
        "--memory is 0 MiB; it must be 1 to 148 with this heap (SPAWN_JAVA_OPTS=-Xmx8g makes it larger)",
        "--sort",
        "--memory",
        "1000");
    assertUsage(
        "Invalid value for option '--memory': '1x' is not a number of bytes, such as 512M or 2G (1024-based)",
        "--sort",
        "--memory",
        "1x");
  }

  private void assertUsage(String message, String... options) throws Exception {
    List<String> arguments = new java.util.ArrayList<>(List.of("convert"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("in.bam", dir + "/x"));
    CommandRun run = CommandRun.of(arguments.toArray(new String[0]));
    assertThat(run.err()).startsWith("bams3: " + message + "\n");
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
