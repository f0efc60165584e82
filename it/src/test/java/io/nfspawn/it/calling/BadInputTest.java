package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told, word for word, when something is wrong with what he gave. */
final class BadInputTest {
  private static final String MAIN = NextflowRun.root().resolve("workflows/main.nf").toString();

  @TempDir static Path samples;
  @TempDir Path dir;

  @BeforeAll
  static void simulate() {
    Shell.out(
        samples,
        ("'%s/workflows/bin/bams3' simulate --out sim --seed 3 --length 40K --coverage 10"
                + " && cd sim && mv reference.fa ref.fa && mv reference.fa.fai ref.fa.fai")
            .formatted(NextflowRun.root()));
  }

  @BeforeEach
  void link() {
    Shell.out(dir, "ln -s '%s'/sim/* .".formatted(samples));
  }

  @Test
  void shouldNameTheMissingFile() {
    assertRefused("--input nowhere.bam does not exist", "--input", "nowhere.bam");
  }

  @Test
  void shouldNameTheMissingReference() {
    assertRefused("nowhere.fa does not exist", "--input", "sample.bam", "--fasta", "nowhere.fa");
  }

  @Test
  void shouldAskForTheReference() {
    NextflowRun.Outcome done =
        NextflowRun.in(dir).run("run", MAIN, "-profile", "spawn", "--input", "sample.bam");

    assertThat(done.exit()).isNotZero();
    assertThat(done.output()).contains("--input needs --fasta as well");
  }

  @Test
  void shouldNameTheNearestParameterAndRefuseZeroWorkersAtOnce() {
    NextflowRun.Outcome done =
        assertRefused(
            "--chunk_spam is not a parameter of this pipeline; did you mean --chunk_span?",
            "--input",
            "sample.bam",
            "--chunk_spam",
            "4K",
            "--workers",
            "0");
    assertThat(done.output()).contains("--workers 0: must have a minimum value of 1");
  }

  @Test
  void shouldRefuseASamplesheetWithoutAColumn() throws IOException {
    Files.writeString(dir.resolve("sheet.csv"), "name,alignment\nS1,sample.bam\n");
    assertRefused(
        "samplesheet sheet.csv lacks the column sample; its first line must name the columns"
            + " sample,alignment (found: name,alignment)",
        "--input",
        "sheet.csv");
  }

  @Test
  void shouldRefuseASamplesheetWithTwoEqualSamples() throws IOException {
    Files.writeString(dir.resolve("sheet.csv"), "sample,alignment\nS1,sample.bam\nS1,sample.bam\n");
    assertRefused(
        "samplesheet sheet.csv names the sample S1 2 times; give each line a name of its own",
        "--input",
        "sheet.csv");
  }

  @Test
  void shouldAskForBgzipWhenTheReferenceIsOnlyGzipped() {
    Shell.out(dir, "gzip -c ref.fa > plain.fa.gz");
    assertRefused(
        "is gzipped but not BGZF, so it cannot be read at random; run: gunzip plain.fa.gz && bgzip"
            + " plain.fa",
        "--input",
        "sample.bam",
        "--fasta",
        "plain.fa.gz");
  }

  @Test
  void shouldRefuseAnUnknownProvider() throws IOException {
    Files.writeString(dir.resolve("nextflow.config"), "spawn.provider = 'ec3'\n");
    assertRefused("spawn.provider", "--input", "sample.bam");
  }

  @Test
  void shouldRefuseATruncatedBam() {
    Shell.out(dir, "head -c 100000 sample.bam > cut.bam");
    NextflowRun.Outcome done = assertRefused("truncated", "--input", "cut.bam");
    assertThat(done.output()).contains("cut.bam");
  }

  @Test
  void shouldRefuseAnUnsortedBam() {
    Shell.out(dir, "samtools sort -n -o byname.bam sample.bam");
    NextflowRun.Outcome done = assertRefused("samtools sort", "--input", "byname.bam");
    assertThat(done.output()).contains("sort");
  }

  @Test
  void shouldHintAtTheOtherNamingBeforeAnyWorkWhenTheReferenceLacksAContig() {
    Shell.out(dir, "sed 's/^>chr/>/' ref.fa > bare.fa");
    NextflowRun.Outcome done =
        assertRefused(
            "/bare.fa lacks contig 'chr21', which has mapped records in",
            "--input",
            "sample.bam",
            "--fasta",
            "bare.fa");
    assertThat(done.output())
        .contains(
            "; it has '21': one names contigs chr1, chr2 …, the other 1, 2 …; use files with the"
                + " same names")
        .doesNotContain("> BAMS3_CONVERT");
  }

  @Test
  void shouldRefuseAReferenceOfAnotherLengthBeforeAnyWorkWhenTheCramHasAnIndex() {
    Shell.out(
        dir,
        "samtools view -C -T ref.fa -o sample.cram sample.bam && samtools index sample.cram"
            + " && sed '$d' ref.fa > short.fa");
    NextflowRun.Outcome done =
        assertRefused(
            "contig 'chr22' is 21300 bases long in",
            "--input",
            "sample.cram",
            "--fasta",
            "short.fa");
    assertThat(done.output())
        .contains("but 21240 in reference")
        .contains("give the reference that the reads were aligned to")
        .doesNotContain("> BAMS3_CONVERT");
  }

  @Test
  void shouldRefuseAReferenceOfAnotherLengthAfterConversionWhenThereIsNoIndex() {
    Shell.out(dir, "rm sample.bam.bai && sed '$d' ref.fa > short.fa");
    assertRefused("bases long in the dataset but", "--input", "sample.bam", "--fasta", "short.fa");
  }

  @Test
  void shouldNameTheLineOfTheRegionsWhoseContigTheAlignmentsLack() throws IOException {
    Files.writeString(dir.resolve("two.bed"), "# exome\nchr21\t0\t100\n22\t5\t50\n22\t60\t70\n");
    NextflowRun.Outcome done =
        assertRefused(
            "two.bed line 3: contig '22' is not in " + dir.resolve("sample.bam"),
            "--input",
            "sample.bam",
            "--regions",
            "two.bed");
    assertThat(done.output())
        .contains("--regions ")
        .contains(
            "; it has 'chr22': one names contigs chr1, chr2 …, the other 1, 2 …; use files with the"
                + " same names")
        .doesNotContain("Submitted process");
  }

  @Test
  void shouldNameTheLineOfTheRegionsWhoseContigTheReferenceLacks() {
    Shell.out(
        dir,
        "samtools view -H sample.bam | sed 's/^@SQ.*chr22.*/&\\n@SQ\\tSN:Chr21\\tLN:9/'"
            + " | samtools reheader - sample.bam > more.bam && samtools index more.bam"
            + " && printf 'Chr21\\t0\\t9\\n' | gzip > one.bed.gz");
    NextflowRun.Outcome done =
        assertRefused(
            "one.bed.gz line 1: contig 'Chr21' is not in reference",
            "--input",
            "more.bam",
            "--regions",
            "one.bed.gz");
    assertThat(done.output())
        .contains("/ref.fa; did you mean 'chr21'?")
        .doesNotContain("Submitted process");
  }

  @Test
  void shouldShowTheCallersOwnLastLinesAndTheItemWhenItFails() {
    NextflowRun.Outcome done =
        assertRefused(
            "the caller is unwell",
            "--input",
            "sample.bam",
            "--caller",
            "echo the caller is unwell >&2; false {bam}");
    assertThat(done.output()).contains("spawn-chunks call: caller failed on work item");
  }

  @Test
  void shouldPublishAValidEmptyVcfForAnEmptyBamAndWarnOfContigsThatTheReferenceLacks() {
    Shell.out(
        dir,
        "(samtools view -H sample.bam; printf '@SQ\\tSN:decoy\\tLN:500\\n')"
            + " | samtools view -b -o empty.bam");
    NextflowRun.Outcome done = run("--input", "empty.bam");

    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(done.output())
        .containsOnlyOnce(
            "reference ref.fa lacks 1 of the 3 contigs of empty.bam (decoy); that is no fault as"
                + " long as no record is mapped to them");
    assertThat(Shell.out(dir, "bcftools view -H results/empty/empty.vcf.gz")).isEmpty();
    assertThat(Shell.out(dir, "bcftools index -n results/empty/empty.vcf.gz").strip())
        .isEqualTo("0");
  }

  private NextflowRun.Outcome assertRefused(String text, String... arguments) {
    NextflowRun.Outcome done = run(arguments);
    assertThat(done.exit()).as(done.output()).isNotZero();
    assertThat(done.output()).contains(text);
    assertThat(Shell.out(dir, "find results -name '*.vcf.gz*' 2>/dev/null || true")).isEmpty();
    return done;
  }

  private NextflowRun.Outcome run(String... arguments) {
    List<String> line = new ArrayList<>(List.of("run", MAIN, "-profile", "spawn"));
    line.addAll(List.of(arguments));
    if (!line.contains("--fasta")) {
      line.addAll(List.of("--fasta", "ref.fa"));
    }
    return NextflowRun.in(dir).run(line.toArray(String[]::new));
  }
}
