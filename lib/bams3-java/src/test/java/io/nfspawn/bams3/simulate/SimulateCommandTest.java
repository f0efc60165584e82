package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulateCommandTest {
  private static final String[] SMALL = {"--length", "20K", "--coverage", "2"};

  @TempDir Path scratch;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... arguments) {
    String[] all =
        Stream.concat(Stream.of(arguments).map(Object::toString), Stream.of(SMALL))
            .toArray(String[]::new);
    return execute(all);
  }

  private int execute(String... arguments) {
    return new CommandLine(new SimulateCommand())
        .setOverwrittenOptionsAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private static List<String> namesIn(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void shouldWriteTheDataSetAndEchoItsSizeInBases() throws IOException {
    Path parent = scratch.resolve("new");
    Path target = parent.resolve("demo");

    assertThat(run("--out", target)).as(err.toString()).isZero();

    assertThat(namesIn(target))
        .containsExactly(
            "reference.fa",
            "reference.fa.fai",
            "sample.bam",
            "sample.bam.bai",
            "truth.vcf.gz",
            "truth.vcf.gz.tbi");
    assertThat(namesIn(parent)).containsExactly("demo");
    assertThat(err.toString()).startsWith("simulated seed=1 contigs=2 bases=20,480 ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldReplaceAnEarlierDataSet() throws IOException {
    Path target = scratch.resolve("demo");
    run("--out", target);
    byte[] before = Files.readAllBytes(target.resolve("reference.fa"));

    assertThat(run("--out", target, "--seed", 2)).as(err.toString()).isZero();

    assertThat(Files.readAllBytes(target.resolve("reference.fa"))).isNotEqualTo(before);
    assertThat(namesIn(scratch)).containsExactly("demo");
  }

  @Test
  void shouldRefuseADirectoryWithForeignFilesAndLeaveIt() throws IOException {
    Files.writeString(scratch.resolve("thesis.txt"), "all of it");

    assertThat(run("--out", scratch)).isEqualTo(1);

    assertThat(err.toString().strip())
        .isEqualTo(
            "simulate: --out="
                + scratch
                + " holds 'thesis.txt', which no simulation wrote; name a directory that is new,"
                + " empty or from an earlier simulation");
    assertThat(namesIn(scratch)).containsExactly("thesis.txt");
  }

  @Test
  void shouldRefuseAFileAsDirectory() throws IOException {
    Path file = Files.createFile(scratch.resolve("file"));

    assertThat(run("--out", file)).isEqualTo(1);

    assertThat(err.toString().strip())
        .isEqualTo("simulate: --out=" + file + " is a file; name a directory that is new or empty");
  }

  @Test
  void shouldNameThePathWhenAParentIsAFile() throws IOException {
    Path file = Files.createFile(scratch.resolve("file"));

    assertThat(run("--out", file.resolve("demo"))).isEqualTo(1);

    assertThat(err.toString().strip())
        .isEqualTo(
            "simulate: --out="
                + file.resolve("demo")
                + " cannot be written: "
                + file
                + " is not a directory");
  }

  @Test
  void shouldSayHowMuchRoomIsMissing() {
    Path target = scratch.resolve("demo");
    SimulationException e =
        StagingDirectory.explain(
            target, 60L << 20, new RuntimeException(new IOException("No space left on device")));

    assertThat(e)
        .hasMessage(
            "--out="
                + target
                + " needs about 60 MiB, the disk filled up; free some room or name a directory"
                + " elsewhere");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--length=12Q | Invalid value for option '--length': '12Q' is not a number of bases; write"
            + " 1200000, 512K, 4M or 1G (1024-based)",
        "--length=1K | --length=1,024 bases, allowed 20,000 to 134,217,728",
        "--coverage=0 | --coverage=0.0, allowed above 0 up to 10,000",
        "--coverage=NaN | --coverage=NaN, allowed above 0 up to 10,000",
        "--read-length=20 | --read-length=20 bases, allowed 50 to 300",
        "--sample=a/b | --sample='a/b', allowed up to 100 letters, digits and . _ + -, the first a"
            + " letter or digit",
        "--model=nova | Invalid value for option '--model': 'nova' is none of demo, hiseq, novaseq,"
            + " ont",
        "--seed=x | Invalid value for option '--seed': 'x' is not a long",
      })
  void shouldExplainAWrongNumber(String option, String message) {
    int exit = execute("--out", scratch.resolve("demo").toString(), option);

    assertThat(exit).isEqualTo(2);
    assertThat(err.toString().lines().findFirst()).hasValue(message);
    assertThat(scratch.resolve("demo")).doesNotExist();
  }

  @Test
  void shouldReportAllWrongNumbersTogether() {
    execute("--out", "x", "--length", "5", "--read-length", "5");

    assertThat(err.toString().lines().findFirst())
        .hasValue(
            "--length=5 bases, allowed 20,000 to 134,217,728; --read-length=5 bases, allowed 50 to"
                + " 300");
  }

  @Test
  void shouldShowExamplesInHelp() {
    assertThat(execute("--help")).isZero();

    assertThat(out.toString())
        .contains("Examples:", "bams3 simulate --out demo", "--read-length", "1024-based");
  }
}
