package io.nfspawn.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Tool;
import io.nfspawn.pipeline.plan.Plan;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users see of spawn-chunks: exit codes and the texts of errors. */
@Tag("long")
class SpawnChunksCommandTest {
  @TempDir private Path directory;
  private final StringWriter errors = new StringWriter();
  private Path data;
  private Path fasta;
  private Path plan;

  @BeforeEach
  void makeInputs() throws Exception {
    data =
        Samples.dataset(
            directory, "reads.sam", Samples.header("a", "5000") + Samples.record("r", 0, "a", 100));
    fasta = Samples.fasta(directory, "a", "5000");
    plan = directory.resolve("plan.json");
  }

  private int run(Object... words) {
    String[] arguments = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].toString();
    }
    return SpawnChunksCommand.run(new PrintWriter(errors, true), arguments);
  }

  private int plan(Object... more) {
    List<Object> words = new ArrayList<>(List.of("plan", data, "--reference", fasta, "-o", plan));
    words.addAll(List.of(more));
    return run(words.toArray());
  }

  @Test
  void shouldWriteThePlanWhenAllIsWell() {
    assertThat(plan("--chunk-span", "1K", "--workers", "3", "--caller-args=-q 1"))
        .as(errors.toString())
        .isZero();
    Plan made = Plan.read(plan);
    assertThat(made.sample()).isEqualTo("reads.sam");
    assertThat(made.calling().spanBp()).isEqualTo(1024);
    assertThat(made.items()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--workers, 0, --workers is 0; it must be at least 1",
    "--chunk-span, 0, '--chunk-span is ''0''; it must be auto or a number of bases from 1 to"
        + " 2147483647, such as 1000, 16K or 1M (K = 1024)'",
    "--chunk-pad, x, '--chunk-pad is ''x''; it must be auto or a number of bases from 0 to"
        + " 2147483647, such as 1000, 16K or 1M (K = 1024)'",
    "--sample, a/b, '--sample is ''a/b''; it must be a name without / and control characters'",
    "--caller-args, -r a, '--caller-args: -r of bcftools mpileup cannot be set here: use"
        + " --regions'",
    "--caller, freebayes, '--caller is ''freebayes''; it must be bcftools, or a command with"
        + " {reference}, {region} and {bam} that prints VCF, such as: freebayes -f {reference} -r"
        + " {region} {bam}'",
    "--caller, x {bam} {regions}, '--caller has the placeholder {regions}; known are {reference},"
        + " {region}, {bam} and {args}: x {bam} {regions}'"
  })
  void shouldExitTwoWithOneLineWhenAnOptionIsWrong(String option, String value, String text) {
    assertThat(plan(option + "=" + value)).isEqualTo(2);
    assertThat(errors.toString()).isEqualTo("spawn-chunks plan: " + text + "\n");
    assertThat(plan).doesNotExist();
  }

  @Test
  void shouldExitTwoWhenTheCommandIsUnknown() {
    assertThat(run("plann")).isEqualTo(2);
    assertThat(errors.toString()).contains("Unmatched argument");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "distribute", "call", "merge", "run"})
  void shouldShowAnExampleWhenAskedForHelp(String command) throws Exception {
    Process help = process(List.of(command, "--help"), "");
    assertThat(text(help)).contains("Example").contains("  spawn-chunks " + command);
    assertThat(help.exitValue()).isZero();
  }

  @Test
  void shouldSayWhatIsMissingWhenThereIsNoDataset() {
    data = directory.resolve("absent.bams3");
    assertThat(plan()).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("spawn-chunks plan: ")
        .contains("absent.bams3")
        .hasLineCount(1);
  }

  @Test
  void shouldRefuseWhenTheDatasetIsNotTheOneThatWasPlanned() throws Exception {
    assertThat(plan()).as(errors.toString()).isZero();
    Path other =
        Samples.dataset(
            directory, "other.sam", Samples.header("a", "5000") + Samples.record("r", 0, "a", 9));
    assertThat(run("run", other, "--plan", plan, "--reference", fasta)).isEqualTo(1);
    assertThat(errors.toString())
        .contains("the plan was made for the dataset with digest ")
        .contains("run spawn-chunks plan again for this dataset");
  }

  @Test
  void shouldRefuseWhenTheReferenceIsNotTheOneThatWasPlanned() throws Exception {
    assertThat(plan()).as(errors.toString()).isZero();
    Path other =
        Samples.fasta(Files.createDirectory(directory.resolve("other")), "a", "5000", "b", "1");
    assertThat(run("run", data, "--plan", plan, "--reference", other)).isEqualTo(1);
    assertThat(errors.toString())
        .contains("the plan was made for reference " + fasta)
        .contains(" is another; run spawn-chunks plan again with this reference");
  }

  @Test
  void shouldNameThePackageWhenBcftoolsIsNotInstalled() throws Exception {
    assertThat(plan()).as(errors.toString()).isZero();
    Process process =
        process(
            List.of("run", "" + data, "--plan", "" + plan, "--reference", "" + fasta),
            directory.toString());
    assertThat(text(process))
        .endsWith(
            "spawn-chunks run: bcftools is not on PATH; on Debian and Ubuntu run: apt-get install"
                + " bcftools\n");
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(directory.resolve("reads.sam.vcf.gz")).doesNotExist();
  }

  @Test
  void shouldNameThePackageWhenAnIndexIsMissingAndSamtoolsToo() throws Exception {
    Process process =
        process(
            List.of("plan", "" + data, "--reference", "" + fasta, "-o", "" + plan),
            directory.toString());
    assertThat(text(process))
        .endsWith(
            "spawn-chunks plan: reference "
                + fasta
                + " has no index and samtools, which makes it, is not on PATH; on Debian and Ubuntu"
                + " run: apt-get install samtools\n");
    assertThat(process.exitValue()).isEqualTo(1);
  }

  @Test
  void shouldNameTheVariableWhenNoAgentStartedTheMember() throws Exception {
    assertThat(plan()).as(errors.toString()).isZero();
    assertThat(run("merge", "--plan", plan)).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("spawn-chunks merge: SPAWN_MEMBERS: is not set; this program runs as a member");
  }

  @Test
  void shouldPublishAVcfWhenThePlanFits() throws Exception {
    assertThat(plan()).as(errors.toString()).isZero();
    Path vcf = directory.resolve("out.vcf.gz");
    assertThat(run("run", data, "--plan", plan, "--reference", fasta, "-o", vcf))
        .as(errors.toString())
        .isZero();
    assertThat(Tool.stdout("zcat " + vcf)).contains("##contig=<ID=a,length=5000>");
  }

  private Process process(List<String> arguments, String path) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.nfspawn.pipeline.cli.SpawnChunksCommand");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(directory.resolve("printed").toFile()).directory(directory.toFile());
    if (!path.isEmpty()) {
      builder.environment().put("PATH", path);
    }
    return builder.start();
  }

  private String text(Process process) throws Exception {
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return Files.readString(directory.resolve("printed"));
  }
}
