package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Samtools;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program from outside: its output beside that of samtools, its exit codes, its messages. */
@Tag("long")
class CommandTest {
  @TempDir static Path dir;
  static Path bam;
  static String dataset;

  @BeforeAll
  static void convert() throws Exception {
    GeneratedBam generated = new GeneratedBam(77).addRecords(4000).sortByCoordinate();
    bam = generated.write(dir.resolve("in.bam"), GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
    Samtools.run("index", bam.toString());
    dataset = Datasets.convert(bam, dir.resolve("d.bams3")).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-f 4",
        "-F 4",
        "-f PAIRED,UNMAP",
        "-F 0x904 -q 30",
        "-f 020 -q 1",
        "-q 200",
        "-L targets.bed",
        "-L targets.bed -F UNMAP",
      })
  void shouldEqualSamtoolsViewWithFilters(String options) throws Exception {
    Path bed = dir.resolve("targets.bed");
    Files.writeString(
        bed, "#c\ntrack x\nodd/name\t100\t50000\tt1\n*star 7 90000\nnowhere\t1\t2\nchrM\t500\n");
    String[] words = options.replace("targets.bed", bed.toString()).split(" ");
    List<String> arguments = options.isEmpty() ? List.of() : List.of(words);
    String[] ours = concat(List.of("query", dataset), arguments);
    String[] theirs = concat(List.of("view", bam.toString()), arguments);
    assertThat(fileOutput(ours)).isEqualTo(Samtools.text(theirs));
    String[] count = concat(List.of("view", "-c", bam.toString()), arguments);
    assertThat(fileOutput(concat(List.of("query", "--count", dataset), arguments)))
        .isEqualTo(Samtools.text(count));
  }

  @Test
  void shouldCombineRegionAndBed() throws Exception {
    Path bed = dir.resolve("one.bed");
    Files.writeString(bed, "odd/name\t100\t50000\n");
    assertThat(output("query", "-L", bed.toString(), dataset, "odd/name:40000-60000"))
        .isEqualTo(
            Samtools.text("view", "-L", bed.toString(), bam.toString(), "odd/name:40000-60000"))
        .isNotEmpty();
  }

  @Test
  void shouldPrintTheHeaderWhenAsked() throws Exception {
    assertThat(output("query", "-h", dataset))
        .isEqualTo(Samtools.text("view", "-h", "--no-PG", bam.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@HD\tVN:1.6\n@CO\tx\n", "@SQ\tSN:a\tLN:300000\n@CO\tx"})
  void shouldPrintPoorHeadersAsSamtoolsDoes(String text) throws Exception {
    Path poor = dir.resolve("poor.bam");
    new GeneratedBam(1).write(poor, GeneratedBam.header(text, List.of("a", "b")));
    Path target = dir.resolve("poor" + text.length());
    Datasets.convert(poor, target);
    assertThat(fileOutput("query", "-h", target.toString()))
        .isEqualTo(Samtools.text("view", "-h", "--no-PG", poor.toString()));
  }

  @Test
  void shouldWriteBamThatSamtoolsReads() throws Exception {
    Path out = dir.resolve("slice.bam");
    assertThat(output("query", "-O", "bam", "-o", out.toString(), dataset, "odd/name")).isEmpty();
    assertThat(Samtools.view(out)).isEqualTo(Samtools.view(bam, "odd/name"));
    assertThat(output("to-bam", "--threads", "3", dataset, out.toString())).isEmpty();
    assertThat(Samtools.text("view", "-h", "--no-PG", out.toString()))
        .isEqualTo(Samtools.text("view", "-h", "--no-PG", bam.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--scan"})
  void shouldCountAsSamtoolsDoes(String option) throws Exception {
    String[] arguments =
        option.isEmpty()
            ? new String[] {"stats", dataset}
            : new String[] {"stats", option, dataset};
    assertThat(output(arguments))
        .isEqualTo(
            Samtools.text("flagstat", bam.toString())
                + "\n"
                + Samtools.text("idxstats", bam.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "odd/name:100-50000", "chrM"})
  void shouldPrintDepthAsSamtoolsDoes(String region) throws Exception {
    List<String> asked = region.isEmpty() ? List.of() : List.of(region);
    List<String> theirs = new java.util.ArrayList<>(List.of("depth"));
    if (!region.isEmpty()) {
      theirs.addAll(List.of("-r", region));
    }
    theirs.add(bam.toString());
    assertThat(fileOutput(concat(List.of("depth", dataset), asked)))
        .isEqualTo(Samtools.text(theirs.toArray(new String[0])))
        .isNotEmpty();
  }

  @Test
  void shouldCountInJson() throws Exception {
    assertThat(output("stats", "--json", dataset))
        .contains("\"QC-failed reads\"")
        .contains("\"name\" : \"*star\"");
  }

  @Test
  void shouldReadFromAndWriteToPipes() throws Exception {
    Path target = dir.resolve("piped.bams3");
    CommandRun converted =
        CommandRun.shell("< " + bam, "convert", "--span", "64K", "-", target.toString());
    assertThat(converted.err()).isEmpty();
    assertThat(converted.out())
        .isEqualTo(target + ": 4000 records, chunk span 65536 bases, coordinate sorted\n");
    CommandRun piped =
        CommandRun.shell("| samtools view --no-PG -h -", "to-bam", target.toString(), "-");
    assertThat(piped.out()).isEqualTo(Samtools.text("view", "-h", "--no-PG", bam.toString()));
    assertThat(CommandRun.of("verify", target.toString()).out())
        .startsWith(target + ": sound, 4000 records in ");
  }

  @Test
  void shouldEndQuietlyWhenTheReaderGoes() throws Exception {
    CommandRun run = CommandRun.shell("| head -1", "query", dataset);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines()).hasSize(1);
  }

  @Test
  void shouldSayThatTheDiskIsFull() throws Exception {
    CommandRun run = CommandRun.shell("> /dev/full", "query", dataset);
    assertThat(run.err())
        .isEqualTo(
            "bams3: cannot write to standard output: No space left on device; free space there\n");
    assertThat(run.exitCode()).isEqualTo(1);
    CommandRun file = CommandRun.of("to-bam", dataset, "/dev/full");
    assertThat(file.err())
        .isEqualTo(
            "bams3: cannot write /dev/full: No space left on device; free space there or choose"
                + " another file\n");
    assertThat(file.exitCode()).isEqualTo(1);
  }

  @Test
  void shouldTellUsageErrorsByExitCode() throws Exception {
    assertThat(failure(2)).startsWith("bams3: a command is missing\n");
    assertThat(failure(2, "convert", "a"))
        .startsWith("bams3: Missing required parameter: 'DATASET'");
    assertThat(failure(2, "convert", "--span", "1000", bam.toString(), dir + "/x"))
        .startsWith(
            "bams3: span is 1000 bases; it must be a power of two from 4096 (4K) to 67108864 (64M)\n");
    assertThat(failure(2, "convert", "--threads", "0", bam.toString(), dir + "/x"))
        .startsWith("bams3: threads is 0; it must be at least 1\n");
    assertThat(failure(2, "query", "-f", "PAIRD", dataset))
        .startsWith(
            "bams3: Invalid value for option '-f': 'PAIRD' is not a flag; flags are PAIRED,");
    assertThat(failure(2, "query", "--nonsense", dataset)).contains("--nonsense");
  }

  @Test
  void shouldSayWhatIsWrongInOneLine() throws Exception {
    assertThat(failure(1, "query", dir + "/none"))
        .isEqualTo(
            "bams3: %s/none: there is no such dataset; make one with bams3 convert\n"
                .formatted(dir));
    assertThat(failure(1, "stats", "ftp://host/x"))
        .isEqualTo(
            "bams3: ftp://host/x: only directories and s3://bucket/prefix can be read; copy the dataset to one\n");
    assertThat(failure(1, "query", dataset, "1:5-9"))
        .isEqualTo("bams3: region 1:5-9: there is no contig 1 in the header; did you mean chr1?\n");
    assertThat(failure(1, "query", "-L", dir + "/none.bed", dataset))
        .isEqualTo(
            "bams3: %s/none.bed: there is no such BED file; check the path\n".formatted(dir));
    Files.writeString(dir.resolve("bad.bed"), "chr1\t1\t2\nchr1\tx\t9\n");
    assertThat(failure(1, "query", "-L", dir + "/bad.bed", dataset))
        .isEqualTo(
            "bams3: %s/bad.bed: line 2 is not a BED interval (CONTIG START END): chr1\tx\t9; correct it\n"
                .formatted(dir));
    assertThat(failure(1, "query", "-o", dir + "/no/where.sam", dataset))
        .isEqualTo(
            "bams3: %s/no/where.sam: its directory does not exist; make it first\n".formatted(dir));
  }

  @Test
  void shouldShowHelpWithExamples() throws Exception {
    for (String command : List.of("convert", "query", "to-bam", "stats", "depth", "verify")) {
      assertThat(output(command, "--help")).contains("Example").contains("bams3 " + command);
    }
  }

  private static String[] concat(List<String> first, List<String> second) {
    List<String> all = new java.util.ArrayList<>(first);
    all.addAll(second);
    return all.toArray(new String[0]);
  }

  /** The same through a file and in this process, which is quicker. */
  private static String fileOutput(String... arguments) throws Exception {
    Path file = dir.resolve("output");
    String[] all = concat(List.of(arguments), List.of("-o", file.toString()));
    assertThat(Bams3Command.run(all)).isZero();
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** Standard output of a command that must succeed. */
  private static String output(String... arguments) throws Exception {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run.out();
  }

  /** Standard error of a command that must fail, run in this process. */
  private static String failure(int exitCode, String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertThat(Bams3Command.run(arguments)).isEqualTo(exitCode);
    } finally {
      System.setErr(before);
    }
    return err.toString(StandardCharsets.UTF_8);
  }
}
