package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real slice, against bcftools over the whole file. */
final class RealInputTest {
  private static final String MAIN = NextflowRun.root().resolve("workflows/main.nf").toString();

  @TempDir Path dir;

  private Path data;
  private Path bam;
  private Path fasta;

  @BeforeEach
  void findData() {
    data = NextflowRun.sharedData("NA12878");
    assumeTrue(data != null, "skipped: no ../shared/data/NA12878 beside the source tree");
    bam = data.resolve("NA12878.chr20.10mb.bam");
    fasta = data.resolve("hg19.chr20.part.fasta.gz");
  }

  @ParameterizedTest
  @CsvSource({
    "250,  2, value",
    "1000, 5, value",
    "4K, 1, reference",
    "16K, 5, value",
    "1M, 2, auto"
  })
  void shouldEqualTheSequentialRun(String span, String workers, String transfer) {
    NextflowRun.Outcome done =
        call("--chunk_span", span, "--workers", workers, "--transfer", transfer);

    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(body("results")).isEqualTo(sequential()).hasLineCount(250);
    assertThat(chunksInWorkDirectories()).as("chunks left in work directories").isEmpty();
  }

  @Test
  void shouldStartCallingBeforeDistributionEnds() throws IOException {
    NextflowRun.Outcome done = call("--chunk_span", "1000", "--transfer", "value");

    assertThat(done.exit()).as(done.output()).isZero();
    JsonNode receipt = receipt("results");
    assertThat(receipt.get("complete").asBoolean()).isTrue();
    assertThat(receipt.at("/totals/merged").asInt())
        .isEqualTo(receipt.at("/totals/expected").asInt())
        .isGreaterThan(50);
  }

  @Test
  void shouldCallSeveralSamplesSideBySideFromASamplesheet() throws IOException {
    Files.createSymbolicLink(dir.resolve("one.bam"), bam);
    Files.createSymbolicLink(dir.resolve("two.bam"), bam);
    Files.writeString(dir.resolve("sheet.csv"), "sample,alignment\nS1,one.bam\nS2,two.bam\n");

    NextflowRun.Outcome done =
        NextflowRun.in(dir)
            .run(
                "run",
                MAIN,
                "-profile",
                "spawn",
                "--input",
                "sheet.csv",
                "--fasta",
                fasta.toString());

    assertThat(done.exit()).as(done.output()).isZero();
    for (String sample : List.of("S1", "S2")) {
      assertThat(Shell.out(dir, "bcftools view -H results/%1$s/%1$s.vcf.gz".formatted(sample)))
          .isEqualTo(sequential());
    }
  }

  @Test
  void shouldTakeItsOwnDatasetAndCramAndSamAsInput() {
    assertThat(call().exit()).isZero();
    Shell.out(dir, "samtools view -h '%s' > slice.sam".formatted(bam));
    Shell.out(dir, "gunzip -c '%s' > ref.fa && samtools faidx ref.fa".formatted(fasta));
    Shell.out(dir, "samtools view -C -T ref.fa -o slice.cram '%s'".formatted(bam));
    String dataset = "results/NA12878.chr20.10mb/NA12878.chr20.10mb.bams3";
    for (String input : List.of(dataset, "slice.sam", "slice.cram")) {
      NextflowRun.Outcome done =
          NextflowRun.in(dir)
              .run(
                  "run",
                  MAIN,
                  "-profile",
                  "spawn",
                  "--input",
                  input,
                  "--fasta",
                  "ref.fa",
                  "--outdir",
                  "again");
      assertThat(done.exit()).as(done.output()).isZero();
    }
    for (String sample : List.of("NA12878.chr20.10mb", "slice")) {
      assertThat(Shell.out(dir, "bcftools view -H again/%1$s/%1$s.vcf.gz".formatted(sample)))
          .isEqualTo(sequential());
    }
  }

  private NextflowRun.Outcome call(String... more) {
    List<String> line =
        Stream.concat(
                Stream.of(
                    "run",
                    MAIN,
                    "-profile",
                    "spawn",
                    "--input",
                    bam.toString(),
                    "--fasta",
                    fasta.toString(),
                    "--outdir",
                    "results"),
                Stream.of(more))
            .toList();
    return NextflowRun.in(dir).run(line.toArray(String[]::new));
  }

  private String body(String outdir) {
    return Shell.out(
        dir, "bcftools view -H %s/NA12878.chr20.10mb/NA12878.chr20.10mb.vcf.gz".formatted(outdir));
  }

  private JsonNode receipt(String outdir) throws IOException {
    return new ObjectMapper()
        .readTree(
            dir.resolve(outdir)
                .resolve("NA12878.chr20.10mb/NA12878.chr20.10mb.merge_stats.json")
                .toFile());
  }

  private String sequential() {
    return Shell.out(
        dir,
        "bcftools mpileup -f '%s' '%s' 2>/dev/null | bcftools call -mv 2>/dev/null | grep -v '^#'"
            .formatted(fasta, bam));
  }

  private String chunksInWorkDirectories() {
    return Shell.out(
        dir,
        "find work -type f \\( -name '*.bam' -o -name '*.vcf' -o -name '*.bcf' -o -name '*.vcf.gz' \\)"
            + " | grep -v 'NA12878.chr20.10mb.vcf.gz$' || true");
  }
}
