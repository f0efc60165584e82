package io.nfspawn.vcfmerge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.vcfmerge.Calls;
import io.nfspawn.vcfmerge.ChunkResult;
import io.nfspawn.vcfmerge.Contig;
import io.nfspawn.vcfmerge.ExpectedChunk;
import io.nfspawn.vcfmerge.Interval;
import io.nfspawn.vcfmerge.MergePlan;
import io.nfspawn.vcfmerge.MergeReceipt;
import io.nfspawn.vcfmerge.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VcfMergeCommandTest {
  private static final List<Contig> CONTIGS =
      List.of(new Contig("chr1", 90_000), new Contig("chr2", 50_000));

  @TempDir Path dir;
  private Path outDir;
  private Path out;
  private final Calls calls = Calls.random(31, CONTIGS, 2000);
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void name() throws IOException {
    outDir = Files.createDirectory(dir.resolve("out"));
    out = outDir.resolve("NA12878.vcf.gz");
  }

  @Test
  void shouldMergeFilesInTheOrderOfTheirRecords() throws IOException {
    List<String> files = chunkFiles(calls.plan(20_000));
    Collections.shuffle(files, new Random(1));
    files.addAll(List.of("-o", out.toString()));

    assertThat(run(files)).isZero();

    assertThat(Tool.run("bgzip", "-dc", out)).isEqualTo(calls.header() + calls.body());
    MergeReceipt receipt = MergeReceipt.read(dir.resolve("out/NA12878.merge_stats.json"));
    assertThat(receipt.sample()).isEqualTo("NA12878");
    assertThat(receipt.complete()).isEqualTo(MergeReceipt.Completeness.UNKNOWN);
    assertThat(receipt.chunks().get(1).worker()).isEqualTo(dir.resolve("0_20000.vcf").toString());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void shouldFollowThePlanAndReadNamesFromLists() throws IOException {
    MergePlan plan = calls.plan(20_000);
    List<String> files = chunkFiles(plan);
    Path list = Files.write(dir.resolve("a list.txt"), files.subList(0, 3));
    Path more = Files.write(dir.resolve("more.txt"), files.subList(3, files.size()));

    assertThat(
            run(
                "@" + list,
                "--files",
                more.toString(),
                "--plan",
                planFile(plan).toString(),
                "--index",
                "csi",
                "--caller-command",
                "bcftools call",
                "-o",
                out.toString()))
        .as(err.toString())
        .isZero();

    assertThat(Tool.run("bgzip", "-dc", out)).endsWith("\n" + calls.body());
    assertThat(Tool.run("bcftools", "index", "-n", out)).isEqualTo("2000\n");
    assertThat(out.resolveSibling("NA12878.vcf.gz.csi")).exists();
    MergeReceipt receipt = MergeReceipt.read(dir.resolve("out/NA12878.merge_stats.json"));
    assertThat(receipt.planDigest()).isEqualTo("d1");
    assertThat(receipt.sample()).isEqualTo("from plan");
    assertThat(receipt.complete()).isEqualTo(MergeReceipt.Completeness.COMPLETE);
  }

  @Test
  void shouldNameMissingChunksOfThePlan() throws IOException {
    MergePlan plan = calls.plan(50_000);
    List<String> files = chunkFiles(plan);
    List<String> arguments = new ArrayList<>(files.subList(0, 2));
    arguments.addAll(List.of("--plan", planFile(plan).toString(), "-o", out.toString()));

    assertThat(run(arguments)).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo(
            "vcf-merge: "
                + out
                + " is not published: 1 of 3 chunks are missing: 1:0 (chr2:1-50000); call them and"
                + " merge again\n");
    assertThat(outDir.toFile().list()).isEmpty();
  }

  @Test
  void shouldNameBothFilesWhenChunksAreTheSameOrOverlap() throws IOException {
    Interval one = new Interval("chr1", 0, 50_000);
    Interval two = new Interval("chr1", 40_000, 90_000);
    Path a = Files.write(dir.resolve("a.vcf"), calls.chunk(one, "##spawn_chunk=0:0"));
    Path b = Files.write(dir.resolve("b.vcf"), calls.chunk(two, "##spawn_chunk=0:0"));
    Path c = Files.write(dir.resolve("c.vcf"), calls.chunk(two));

    assertThat(run(a, b, "-o", out)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("vcf-merge: " + a + " and " + b + " are both chunk 0:0; give each chunk once\n");
    err.getBuffer().setLength(0);
    assertThat(run(c, a, "-o", out)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("vcf-merge: " + a + " and " + c + " overlap: the first one ends at chr1:")
        .endsWith("; merge chunks that share no position\n");
    assertThat(outDir.toFile().list()).isEmpty();
  }

  @Test
  void shouldSayWhatIsWrongWithFiles() throws IOException {
    Path good = Files.write(dir.resolve("good.vcf"), calls.vcf());
    assertError(1, "nowhere.vcf.gz: does not exist", "nowhere.vcf.gz", "-o", out);
    assertError(1, "nolist.txt: does not exist", "--files", "nolist.txt", "-o", out);
    assertError(1, "noplan.json: does not exist", good, "--plan", "noplan.json", "-o", out);
    Path nowhere = dir.resolve("no/dir.vcf.gz");
    assertError(
        1,
        nowhere
            + ": cannot write: the directory does not exist; nothing was published, make room or"
            + " choose another place",
        good,
        "-o",
        nowhere);
    Path plan = Files.writeString(dir.resolve("p.json"), "{\"schema\":\"other\"}");
    assertError(
        1,
        plan
            + ": not a usable plan: schema is other, expected nf-spawn/plan/1; make it with"
            + " spawn-chunks plan",
        good,
        "--plan",
        plan,
        "-o",
        out);
    Path bam = Files.write(dir.resolve("x.vcf.gz"), new byte[] {'B', 'A', 'M', 1});
    assertError(
        1, bam + ": is not a VCF: begins with 'BAM?', expected '##fileformat=VCF'", bam, "-o", out);
  }

  @Test
  void shouldEndWith2WhenItIsUsedWrongly() throws IOException {
    Path good = Files.write(dir.resolve("good.vcf"), calls.vcf());
    assertUsage("--index bai: expected tbi or csi", good, "-o", out, "--index", "bai");
    assertUsage("-o x.vcf: the name must end in .vcf.gz", good, "-o", "x.vcf");
    assertUsage("no chunks given: name files, --files LIST or - for stdin", "-o", out);
    assertUsage("- (stdin) cannot be merged with files", "-", good, "-o", out);
    assertUsage("--index needs a file", good, "-o", "-", "--index", "tbi");
    assertUsage("--threads 0: at least 1", good, "-o", out, "--threads", "0");
    assertUsage("'many' is not a size", good, "-o", out, "--buffer", "many");
    assertUsage("Missing required option: '--output", good);
  }

  @Test
  void shouldShowExamplesInHelp() {
    assertThat(VcfMergeCommand.commandLine().getUsageMessage())
        .contains("Examples:", "vcf-merge calls/*.vcf.gz -o NA12878.vcf.gz");
  }

  @Test
  void shouldRunAsAFilterAsAProgramOfItsOwn() throws Exception {
    Path in = Files.write(dir.resolve("in.vcf"), calls.vcf());
    Path receipt = dir.resolve("receipt.json");
    Process process =
        program("-", "-o", "-", "--stats", receipt.toString()).redirectInput(in.toFile()).start();
    byte[] bytes;
    try (InputStream stdout = process.getInputStream()) {
      bytes = stdout.readAllBytes();
    }

    assertThat(process.waitFor()).isZero();
    Path file = Files.write(dir.resolve("filtered.vcf.gz"), bytes);
    assertThat(Tool.run("bgzip", "-dc", file)).endsWith("\n" + calls.body());
    assertThat(MergeReceipt.read(receipt).totals().records()).isEqualTo(2000);
    assertThat(process.getErrorStream().readAllBytes()).isEmpty();
  }

  @Test
  void shouldLeaveHiddenFilesOnlyWhenKilledAndRemoveThemTheNextTimeButNoneOfALivingMerge()
      throws Exception {
    Path good = Files.write(dir.resolve("good.vcf"), calls.vcf());
    Path foreign = Files.writeString(outDir.resolve(".other.vcf.gz.01234567.tmp"), "");
    Process killed = program("-", "-o", out.toString()).start();
    List<Path> dead = whatItWrites(killed, List.of(foreign));
    killed.destroyForcibly().waitFor();
    assertThat(files(outDir)).containsAll(dead);
    assertThat(dead)
        .isNotEmpty()
        .allMatch(path -> path.getFileName().toString().matches("\\.NA12878.*\\.tmp"));
    Process living = program("-", "-o", out.toString()).start();
    List<Path> alive = whatItWrites(living, List.of(foreign, dead.get(0)));
    assertThat(files(outDir)).as("a leftover is gone").doesNotContainAnyElementsOf(dead);

    assertThat(run(good, "-o", out)).as(err.toString()).isZero();

    assertThat(files(outDir)).contains(foreign, out).containsAll(alive);
    living.getOutputStream().close();
    assertThat(living.waitFor()).isZero();
    assertThat(files(outDir)).contains(foreign, out).doesNotContainAnyElementsOf(alive);
  }

  /** Feeds a merge until it writes. Its standard input stays open, so that it cannot finish. */
  private List<Path> whatItWrites(Process merge, List<Path> before) throws IOException {
    merge.getOutputStream().write(calls.vcf());
    merge.getOutputStream().flush();
    Awaitility.await().until(() -> files(outDir).stream().anyMatch(p -> !before.contains(p)));
    List<Path> now = files(outDir);
    now.removeAll(before);
    return now;
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(files.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder program(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(VcfMergeCommand.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private List<String> chunkFiles(MergePlan plan) throws IOException {
    List<String> files = new ArrayList<>();
    for (ChunkResult result : calls.results(plan)) {
      Path file = dir.resolve(result.id().value().replace(':', '_') + ".vcf");
      try (InputStream in = result.vcf().open()) {
        Files.copy(in, file);
      }
      files.add(file.toString());
    }
    return files;
  }

  private Path planFile(MergePlan plan) throws IOException {
    StringBuilder items = new StringBuilder();
    for (ExpectedChunk chunk : Objects.requireNonNull(plan.chunks())) {
      Interval core = Objects.requireNonNull(chunk.core());
      items.append(
          "%s{\"id\":\"%s\",\"contig\":%d,\"coreStart\":%d,\"coreEnd\":%d,\"pad\":500}"
              .formatted(
                  items.isEmpty() ? "" : ",",
                  chunk.id(),
                  core.contig().equals("chr1") ? 0 : 1,
                  core.start(),
                  core.end()));
    }
    return Files.writeString(
        dir.resolve("plan.json"),
        """
        {"schema":"nf-spawn/plan/1","digest":"d1","sample":"from plan","span":1,
         "contigs":[{"name":"chr1","length":90000},{"name":"chr2","length":50000}],
         "items":[%s]}
        """
            .formatted(items));
  }

  private void assertError(int exit, String message, Object... arguments) {
    err.getBuffer().setLength(0);
    assertThat(run(arguments)).isEqualTo(exit);
    assertThat(err.toString()).isEqualTo("vcf-merge: " + message + "\n");
  }

  private void assertUsage(String message, Object... arguments) {
    err.getBuffer().setLength(0);
    assertThat(run(arguments)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  private int run(List<String> arguments) {
    return run(arguments.toArray());
  }

  private int run(Object... arguments) {
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    CommandLine command = VcfMergeCommand.commandLine();
    return command.setErr(new PrintWriter(err, true)).execute(words);
  }
}
