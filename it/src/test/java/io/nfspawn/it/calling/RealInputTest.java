package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

  /**
   * Every span and number of workers goes through the same programs in {@link
   * EverySpanAndWorkersTest}; through Nextflow all of them take a quarter of an hour.
   */
  static Stream<Arguments> settings() {
    if (!Boolean.getBoolean("spawn.soak")) {
      return Stream.of(arguments("4K", "5", "value"), arguments("16K", "1", "reference"));
    }
    return Stream.of("250", "1000", "4K", "16K", "1M")
        .flatMap(span -> Stream.of("1", "2", "5").map(workers -> arguments(span, workers, "auto")));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void shouldEqualTheSequentialRun(String span, String workers, String transfer)
      throws IOException {
    NextflowRun.Outcome done =
        call("--chunk_span", span, "--workers", workers, "--transfer", transfer);

    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(body()).isEqualTo(sequential()).hasLineCount(250);
    assertThat(receipt().get("complete").asBoolean()).isTrue();
    assertThat(receipt().at("/totals/merged")).isEqualTo(receipt().at("/totals/expected"));
    assertThat(chunksInWorkDirectories()).as("chunks left in work directories").isEmpty();
  }

  @Test
  void shouldTakeSamCramAndItsOwnDatasetsAsInput() throws IOException {
    Shell.out(
        dir,
        ("gunzip -c '%2$s' > ref.fa && samtools faidx ref.fa && samtools view -h '%1$s' > s1.sam"
                + " && samtools view -C -T ref.fa -o s2.cram '%1$s'"
                + " && samtools view -b --input-fmt-option decode_md=0 -T ref.fa -o s2.bam s2.cram"
                + " && '%3$s/workflows/bin/bams3' convert '%1$s' s3.bams3")
            .formatted(bam, fasta, NextflowRun.root()));
    Files.writeString(
        dir.resolve("sheet.csv"), "sample,alignment\nS1,s1.sam\nS2,s2.cram\nS3,s3.bams3\n");

    NextflowRun.Outcome done =
        NextflowRun.in(dir)
            .run("run", MAIN, "-profile", "spawn", "--input", "sheet.csv", "--fasta", "ref.fa");

    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(bodyOf("S1")).isEqualTo(sequential());
    assertThat(bodyOf("S3")).isEqualTo(sequential());
    // what CRAM keeps: without the NM that htslib would compute again, so without NMBZ in the VCF
    assertThat(bodyOf("S2")).isEqualTo(sequential("ref.fa", "s2.bam"));
  }

  private String bodyOf(String sample) {
    return Shell.out(dir, "bcftools view -H results/%1$s/%1$s.vcf.gz".formatted(sample));
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

  private String body() {
    return Shell.out(dir, "bcftools view -H results/NA12878.chr20.10mb/NA12878.chr20.10mb.vcf.gz");
  }

  private JsonNode receipt() throws IOException {
    return new ObjectMapper()
        .readTree(
            dir.resolve("results/NA12878.chr20.10mb/NA12878.chr20.10mb.merge_stats.json").toFile());
  }

  private String sequential() {
    return sequential(fasta.toString(), bam.toString());
  }

  private String sequential(String reference, String alignments) {
    return Shell.out(
        dir,
        "bcftools mpileup -f '%s' '%s' 2>/dev/null | bcftools call -mv 2>/dev/null | grep -v '^#'"
            .formatted(reference, alignments));
  }

  private String chunksInWorkDirectories() {
    return Shell.out(
        dir,
        "find work -type f \\( -name '*.bam' -o -name '*.vcf' -o -name '*.bcf' -o -name '*.vcf.gz' \\)"
            + " | grep -v -e 'NA12878.chr20.10mb.vcf.gz$' -e '[.]bams3/header.bam$' || true");
  }
}
