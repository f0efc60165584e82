package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import htsjdk.variant.vcf.VCFFileReader;
import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of several kinds through the whole workflow, each against the tools of the field. */
final class SamplesTest {
  private static final String MAIN = NextflowRun.root().resolve("workflows/main.nf").toString();

  @TempDir Path dir;

  @BeforeEach
  void cutSlice() {
    Path data = NextflowRun.sharedData("NA12878");
    assumeTrue(data != null, "skipped: no ../shared/data/NA12878 beside the source tree");
    Shell.out(
        dir,
        ("ln -s '%1$s'/hg19.* . && samtools view -b -o one.bam '%1$s/NA12878.chr20.10mb.bam'"
                + " chr20:10000000-10012000")
            .formatted(data));
  }

  @Test
  void shouldCallReadGroupsAndDepthAsBcftoolsDoes() throws IOException {
    Shell.out(
        dir,
        """
        samtools view -h one.bam | awk -v OFS='\\t' '
            /^@RG/ {print "@RG", "ID:a", "SM:Ann"; print "@RG", "ID:b", "SM:Bob"; next}
            !/^@/ {sub(/RG:Z:[^\\t]*/, "RG:Z:" (NR % 2 ? "a" : "b"))} {print}' |
          samtools view -b -o several.bam
        samtools view -h -x RG one.bam | grep -v ^@RG | samtools view -b -o none.bam
        samtools merge -c deep.bam one.bam one.bam one.bam one.bam one.bam one.bam one.bam
        printf 'sample,alignment\\nseveral,several.bam\\nnone,none.bam\\ndeep,deep.bam\\n' > sheet.csv
        """);

    run("--input", "sheet.csv", "--chunk_span", "4K");

    assertThat(columns("several")).isEqualTo("Ann\tBob");
    assertThat(body("several")).isEqualTo(sequential("several.bam")).isNotEmpty();
    assertThat(columns("none")).as("no read group: the sample's own name").isEqualTo("none");
    assertThat(body("none")).isEqualTo(sequential("none.bam")).isNotEmpty();
    assertDeepDiffersOnlyWhereTheReceiptSays();
    assertTakenByTheTools("results/several/several.vcf.gz");
  }

  @Test
  void shouldRunFreebayesAsATemplateInTheRegionsOfABed() throws IOException {
    Files.writeString(
        dir.resolve("two.bed"), "chr20\t10000846\t10002407\nchr20\t10004273\t10010531\n");
    String arguments = "--min-alternate-count 3";

    run(
        "--input",
        "one.bam",
        "--regions",
        "two.bed",
        "--chunk_span",
        "4K",
        "--caller",
        "freebayes -f {reference} -r {region} {bam}",
        "--caller_args=" + arguments);

    String whole =
        Shell.out(
            dir,
            ("zcat hg19.chr20.part.fasta.gz > whole.fa; samtools index one.bam;"
                    + " freebayes -f whole.fa %s one.bam | bcftools view -H -T two.bed"
                    + " --targets-overlap 0 | cut -f 1-5")
                .formatted(arguments));
    assertThat(Shell.out(dir, "bcftools view -H results/one/one.vcf.gz | cut -f 1-5"))
        .isEqualTo(whole)
        .isNotEmpty();
  }

  private void assertDeepDiffersOnlyWhereTheReceiptSays() throws IOException {
    List<long[]> overDepth = new ArrayList<>();
    for (JsonNode interval : receipt("deep").get("overDepth")) {
      overDepth.add(new long[] {interval.get("start").asLong() + 1, interval.get("end").asLong()});
    }
    Set<String> expected = outside(overDepth, sequential("deep.bam"));
    assertThat(overDepth).isNotEmpty();
    assertThat(expected).isNotEmpty();
    assertThat(outside(overDepth, body("deep"))).isEqualTo(expected);
  }

  /** Lines of a VCF body whose POS lies in none of the 1-based, closed intervals. */
  private static Set<String> outside(List<long[]> intervals, String body) {
    return body.lines()
        .filter(
            line -> {
              long position = Long.parseLong(line.split("\t", 3)[1]);
              return intervals.stream().noneMatch(i -> i[0] <= position && position <= i[1]);
            })
        .collect(Collectors.toSet());
  }

  /** bcftools, tabix and htsjdk read the file through our index as through one of bcftools' own. */
  private void assertTakenByTheTools(String vcf) {
    Shell.out(dir, "cp %1$s own.vcf.gz && bcftools index -t own.vcf.gz".formatted(vcf));
    assertThat(Shell.out(dir, "bcftools index --stats " + vcf))
        .isEqualTo(Shell.out(dir, "bcftools index --stats own.vcf.gz"))
        .isNotEmpty();
    String region = "chr20:10002000-10006000";
    String some = Shell.out(dir, "bcftools view -H own.vcf.gz " + region);
    assertThat(Shell.out(dir, "tabix %s %s".formatted(vcf, region))).isEqualTo(some).isNotEmpty();
    assertThat(Shell.out(dir, "bcftools view -H %s %s".formatted(vcf, region))).isEqualTo(some);
    try (VCFFileReader reader = new VCFFileReader(dir.resolve(vcf), true)) {
      List<Integer> starts = new ArrayList<>();
      reader.query("chr20", 10002000, 10006000).forEachRemaining(v -> starts.add(v.getStart()));
      assertThat(starts)
          .isEqualTo(some.lines().map(line -> Integer.parseInt(line.split("\t", 3)[1])).toList());
    }
  }

  private void run(String... arguments) {
    List<String> line = new ArrayList<>(List.of("run", MAIN, "-profile", "spawn"));
    line.addAll(List.of("--fasta", "hg19.chr20.part.fasta.gz"));
    line.addAll(List.of(arguments));
    NextflowRun.Outcome done = NextflowRun.in(dir).run(line.toArray(String[]::new));
    assertThat(done.exit()).as(done.output()).isZero();
  }

  private String columns(String sample) {
    return Shell.out(
            dir,
            "bcftools view -h results/%1$s/%1$s.vcf.gz | tail -1 | cut -f 10-".formatted(sample))
        .strip();
  }

  private String body(String sample) {
    return Shell.out(dir, "bcftools view -H results/%1$s/%1$s.vcf.gz".formatted(sample));
  }

  private JsonNode receipt(String sample) throws IOException {
    return new ObjectMapper()
        .readTree(dir.resolve("results/%1$s/%1$s.merge_stats.json".formatted(sample)).toFile());
  }

  private String sequential(String bam) {
    return Shell.out(
        dir,
        "bcftools mpileup -f hg19.chr20.part.fasta.gz %s | bcftools call -mv | grep -v '^#'"
            .formatted(bam));
  }
}
