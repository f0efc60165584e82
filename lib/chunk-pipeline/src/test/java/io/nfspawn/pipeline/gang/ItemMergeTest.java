package io.nfspawn.pipeline.gang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.pipeline.Na12878;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Tool;
import io.nfspawn.pipeline.caller.CallerFailedException;
import io.nfspawn.pipeline.plan.PlanRequest;
import io.nfspawn.vcfmerge.Interval;
import io.nfspawn.vcfmerge.MergeReceipt;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is called in items against what the same caller says of the whole. */
@Tag("long")
class ItemMergeTest {
  private static final PlanRequest REQUEST = PlanRequest.of("patient").withSpan(16 << 10);
  private static final String FREEBAYES = "freebayes -f {reference} -r {region} {bam}";

  @TempDir private Path directory;

  private Path bam(String script) throws Exception {
    Path bam = directory.resolve("reads.bam");
    Tool.stdout(script.formatted(Na12878.bam()) + " > " + bam);
    return bam;
  }

  private MergeReceipt call(Path bam, PlanRequest request) throws Exception {
    return Calls.call(Samples.dataset(bam), Na12878.reference(), request, vcf());
  }

  private Path vcf() {
    return directory.resolve("patient.vcf.gz");
  }

  private String sequential(Path bam, String mpileup, String call) throws Exception {
    return Tool.stdout(
        "bcftools mpileup %s -f %s %s | bcftools call -mv %s"
            .formatted(mpileup, Na12878.reference(), bam, call));
  }

  private String published() throws Exception {
    return Tool.stdout("zcat " + vcf());
  }

  @Test
  void shouldWriteTheSequentialBodyWhenResultsArriveInAnyOrder() throws Exception {
    Path bam = bam("cat %s");
    MergeReceipt receipt = call(bam, REQUEST);
    assertThat(receipt.totals().records()).isEqualTo(250);
    assertThat(receipt.overDepth()).isEmpty();
    assertThat(Tool.body(published())).isEqualTo(Tool.body(sequential(bam, "", "")));
    assertThat(Tool.stdout("bcftools index --stats " + vcf())).isEqualTo("chr20\t63025520\t250\n");
    assertThat(Tool.stdout("bcftools query -l " + vcf())).isEqualTo("NA12878\n");
    assertThat(published()).contains("bcftools mpileup -f hg19").doesNotContain("/tmp/");
  }

  @Test
  @Tag("tools")
  void shouldMatchTheSequentialRunWhenTheUserAddsWords() throws Exception {
    Path bam = bam("cat %s");
    call(bam, REQUEST.withCaller("bcftools", "-q 30 -a AD,DP -- --ploidy 1 -a GQ"));
    assertThat(Tool.body(published()))
        .isEqualTo(Tool.body(sequential(bam, "-q 30 -a AD,DP", "--ploidy 1 -a GQ")));
  }

  @Test
  @Tag("tools")
  void shouldMatchTheSequentialRunWhenPloidyDependsOnThePosition() throws Exception {
    Path bam = bam("samtools view -h %s chr20:10000000-10020000 | samtools view -b");
    call(bam, REQUEST.withCaller("bcftools", "-- --ploidy GRCh37"));
    assertThat(Tool.body(published())).isEqualTo(Tool.body(sequential(bam, "", "--ploidy GRCh37")));
  }

  @Test
  @Tag("tools")
  void shouldNameTheColumnAfterTheSampleWhenThereAreNoReadGroups() throws Exception {
    Path bam = bam("samtools view -h %s | grep -v ^@RG | samtools view -b -x RG");
    call(bam, REQUEST);
    assertThat(Tool.stdout("bcftools query -l " + vcf())).isEqualTo("patient\n");
    assertThat(Tool.body(published())).isEqualTo(Tool.body(sequential(bam, "", "")));
  }

  @Test
  @Tag("tools")
  void shouldGiveEachSampleItsColumnWhenReadGroupsNameSeveral() throws Exception {
    Path bam =
        bam(
            "samtools view -h %s | awk -v OFS='\\t'"
                + " '/^@RG/{print \"@RG\",\"ID:2\",\"SM:zoe\"; print \"@RG\",\"ID:1\",\"SM:adam\";"
                + " next} /^@/{print; next} {sub(/RG:Z:[^\\t]*/, \"RG:Z:\" (NR %% 3 ? 1 : 2));"
                + " print}' | samtools view -b");
    call(bam, REQUEST);
    String expected = sequential(bam, "", "");
    assertThat(Tool.stdout("bcftools query -l " + vcf())).hasLineCount(2);
    assertThat(columns(published())).isEqualTo(columns(expected));
    assertThat(Tool.body(published())).isEqualTo(Tool.body(expected));
  }

  @Test
  void shouldPublishAValidEmptyVcfWhenThereAreNoRecords() throws Exception {
    Path bam = bam("samtools view -H -b %s");
    MergeReceipt receipt = call(bam, REQUEST);
    assertThat(receipt.totals().merged()).isZero();
    assertThat(Tool.body(published())).isEmpty();
    assertThat(columns(published())).isEqualTo(columns(sequential(bam, "", "")));
    assertThat(Tool.stdout("tabix -l " + vcf())).isEmpty();
  }

  @Test
  @Tag("tools")
  void shouldDifferOnlyInsideOverDepthWhenReadsAreManyTimesDeeper() throws Exception {
    Path bam =
        bam(
            "samtools view -h %s chr20:10000000-10030000 | awk '/^@/{print; next}"
                + " {for (i = 0; i < 6; i++) {line = $0; sub(/\\t/, \"_\" i \"\\t\", line);"
                + " print line}}' | samtools view -b");
    MergeReceipt receipt = call(bam, REQUEST.withSpan(1000));
    assertThat(receipt.overDepth()).isNotEmpty();
    Set<String> expected = Set.copyOf(lines(Tool.body(sequential(bam, "", ""))));
    Set<String> actual = Set.copyOf(lines(Tool.body(published())));
    assertThat(outside(receipt.overDepth(), actual))
        .isNotEmpty()
        .isEqualTo(outside(receipt.overDepth(), expected));
  }

  @Test
  @Tag("tools")
  void shouldMatchFreebayesOverTheWholeWhenItIsTheCaller() throws Exception {
    Path bam = bam("samtools view -b %s chr20:10000000-10012000");
    Tool.stdout("samtools index " + bam);
    call(bam, REQUEST.withSpan(4096).withCaller(FREEBAYES, "--min-alternate-count 3"));
    Set<String> sites = sites(Tool.body(published()));
    String whole =
        Tool.stdout(
            "f=%s.fa; zcat %s > $f; freebayes -f $f --min-alternate-count 3 %s"
                .formatted(bam, Na12878.reference(), bam));
    assertThat(sites).isNotEmpty().isEqualTo(sites(Tool.body(whole)));
    assertThat(published()).doesNotContain("/tmp/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"freebayes", "bcftools"})
  void shouldShowTheCallersLastLinesAndTheItemWhenItFails(String kind) throws Exception {
    Path bam = bam("samtools view -b %s chr20:10000000-10003000");
    PlanRequest request =
        kind.equals("bcftools")
            ? REQUEST.withCaller("bcftools", "-- --no-such-option")
            : REQUEST.withCaller("cat {bam} > /dev/null; echo it is broken >&2; exit 3", "");
    assertThatThrownBy(() -> call(bam, request))
        .isInstanceOf(CallerFailedException.class)
        .hasMessageStartingWith("caller failed on ")
        .hasMessageMatching(
            "(?s).*(exited 3; its last lines:\n  it is broken|unrecognized option.*)");
    assertThat(vcf()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo hello # {bam}", "true {bam}", "bcftools view -h {bam} | head -1"})
  void shouldRefuseWhatIsNoVcfWhenTheCallerPrintsIt(String caller) throws Exception {
    Path bam = bam("samtools view -b %s chr20:10000000-10003000");
    assertThatThrownBy(() -> call(bam, REQUEST.withCaller(caller, "")))
        .isInstanceOf(CallerFailedException.class)
        .hasMessageContaining("work item 20:9994240 (chr20:99");
    assertThat(vcf()).doesNotExist();
  }

  private static List<String> lines(String body) {
    return body.lines().toList();
  }

  private static String columns(String vcf) {
    return vcf.lines().filter(line -> line.startsWith("#CHROM")).findFirst().orElse("");
  }

  /** Position and alleles of each record. */
  private static Set<String> sites(String body) {
    return body.lines()
        .map(line -> String.join(" ", Arrays.asList(line.split("\t", -1)).subList(0, 5)))
        .collect(Collectors.toSet());
  }

  private static Set<String> outside(List<Interval> intervals, Set<String> records) {
    return records.stream()
        .filter(
            line -> {
              long position = Long.parseLong(line.split("\t", -1)[1]) - 1;
              return intervals.stream().noneMatch(i -> position >= i.start() && position < i.end());
            })
        .collect(Collectors.toSet());
  }
}
