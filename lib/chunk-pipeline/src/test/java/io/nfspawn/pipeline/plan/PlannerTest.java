package io.nfspawn.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Interval;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.reference.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
  private static final PlanRequest KILO = PlanRequest.of("s").withSpan(1000);

  @TempDir private Path directory;

  private Plan plan(String sam, Path fasta, PlanRequest request) throws IOException {
    Path data = directory.resolve("reads.sam.bams3");
    if (!Files.exists(data)) {
      Samples.dataset(directory, "reads.sam", sam);
    }
    try (Scratch scratch = Scratch.open("test");
        Dataset dataset = Dataset.open(data);
        Reference reference = Reference.open(fasta, scratch)) {
      return Planner.plan(dataset, reference, request);
    }
  }

  private Plan plan(PlanRequest request) throws IOException {
    String sam =
        Samples.header("a", "5000", "b", "4000")
            + Samples.record("r1", 0, "a", 1990)
            + Samples.record("r2", 0, "b", 3960);
    return plan(sam, Samples.fasta(directory, "a", "5000", "b", "4000"), request);
  }

  @Test
  void shouldMakeItemsOnlyWhereRecordsLie() throws IOException {
    assertThat(plan(KILO).items())
        .containsExactly(
            item(0, 1000, 2000, 500, 2500),
            item(0, 2000, 3000, 1500, 3500),
            item(1, 3000, 4000, 2500, 4000));
  }

  @Test
  void shouldCutItemsByTheRegionsWhenGiven() throws IOException {
    Path bed = bed("# exome\na\t0\t1500\nb\t3500\t9000\na\t1400\t1600\na 1990 2010\n");
    List<WorkItem> items = plan(KILO.withRegions(bed).withPad(10)).items();
    assertThat(items)
        .containsExactly(
            item(0, 1000, 1600, 990, 1610),
            item(0, 1990, 2000, 1980, 2010),
            item(0, 2000, 2010, 1990, 2020),
            item(1, 3500, 4000, 3490, 4000));
    Path zipped = directory.resolve("regions.bed.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      Files.copy(bed, out);
    }
    assertThat(plan(KILO.withRegions(zipped).withPad(10)).items()).isEqualTo(items);
  }

  @Test
  void shouldPadByTwiceTheLongestRecordWhenItIsLong() throws IOException {
    String sam =
        Samples.header("a", "9000")
            + Samples.record("r1", 0, "a", 2001, "25M950N25M")
            + Samples.record("r2", 0, "a", 8001);
    Plan plan = plan(sam, Samples.fasta(directory, "a", "9000"), KILO);
    assertThat(plan.items()).contains(item(0, 2000, 3000, 0, 5000));
  }

  @Test
  void shouldGiveTheSameBytesWhenPlannedTwice() throws IOException {
    Path first = directory.resolve("1.json");
    Path second = directory.resolve("2.json");
    plan(KILO).write(first);
    plan(KILO.withWorkers(7)).write(second);
    assertThat(first).hasSameBinaryContentAs(second);
    assertThat(Plan.read(first)).isEqualTo(plan(KILO));
  }

  @Test
  void shouldGiveAnotherDigestWhenTheCallerDiffers() throws IOException {
    assertThat(plan(KILO.withCaller("bcftools", "-q 1")).digest())
        .isNotEqualTo(plan(KILO).digest());
  }

  @Test
  void shouldTakeTheShortestAutomaticSpanWhenLittleIsCovered() throws IOException {
    assertThat(plan(PlanRequest.of("s")).calling().spanBp()).isEqualTo(64 << 10);
  }

  @Test
  void shouldPlanNothingWhenTheDatasetIsEmpty() throws IOException {
    Path fasta = Samples.fasta(directory, "a", "5000");
    assertThat(plan(Samples.header("a", "5000"), fasta, KILO).items()).isEmpty();
  }

  @Test
  void shouldHintAtNamesWhenTheReferenceLacksAContigWithRecords() throws IOException {
    String sam = Samples.header("chr1", "500") + Samples.record("r", 0, "chr1", 1);
    Path fasta = Samples.fasta(directory, "1", "500");
    assertThatThrownBy(() -> plan(sam, fasta, KILO))
        .isInstanceOf(PipelineException.class)
        .hasMessage(
            "reference "
                + fasta
                + " lacks contig 'chr1', which has mapped records or is in the regions; it has"
                + " '1': one names contigs chr1, chr2 …, the other 1, 2 …; use files with the same"
                + " names");
  }

  @Test
  void shouldRefuseWhenALengthDiffers() throws IOException {
    String sam = Samples.header("a", "500") + Samples.record("r", 0, "a", 1);
    Path fasta = Samples.fasta(directory, "a", "501");
    assertThatThrownBy(() -> plan(sam, fasta, KILO))
        .hasMessage(
            "contig 'a' is 500 bases long in the dataset but 501 in reference "
                + fasta
                + "; give the reference that the reads were aligned to");
  }

  @Test
  void shouldGoOnWhenTheReferenceLacksAContigWithoutRecords() throws IOException {
    String sam = Samples.header("a", "500", "b", "500") + Samples.record("r", 0, "a", 1);
    assertThat(plan(sam, Samples.fasta(directory, "a", "500"), KILO).items()).hasSize(1);
  }

  @Test
  void shouldRefuseWhenTheReferenceLacksAContigThatIsInTheRegions() throws IOException {
    String sam = Samples.header("a", "500", "b", "500") + Samples.record("r", 0, "a", 1);
    Path fasta = Samples.fasta(directory, "a", "500");
    assertThatThrownBy(() -> plan(sam, fasta, KILO.withRegions(bed("b\t1\t5\n"))))
        .hasMessageStartingWith("reference " + fasta + " lacks contig 'b'");
  }

  @Test
  void shouldNameTheLineWhenTheRegionsHaveAnUnknownContig() {
    Path bed = bed("a\t1\t2\nchra\t1\t2\n");
    assertThatThrownBy(() -> plan(KILO.withRegions(bed)))
        .hasMessage(
            "--regions "
                + bed
                + " line 2: contig 'chra' is not in the dataset; it has 'a': one names contigs"
                + " chr1, chr2 …, the other 1, 2 …; use files with the same names");
  }

  @Test
  void shouldNameTheLineWhenTheRegionsAreNoBed() {
    Path bed = bed("a\t5\t2\n");
    assertThatThrownBy(() -> plan(KILO.withRegions(bed)))
        .hasMessageContaining(" line 1 is no BED line");
  }

  @Test
  void shouldSayBgzipWhenTheReferenceIsPlainGzip() throws Exception {
    Path fasta = Samples.fasta(directory, "a", "5000", "b", "4000");
    io.nfspawn.pipeline.Tool.stdout("gzip -k " + fasta);
    Path gzip = fasta.resolveSibling("reference.fa.gz");
    try (Scratch scratch = Scratch.open("test")) {
      assertThatThrownBy(() -> Reference.open(gzip, scratch))
          .hasMessage(
              "reference "
                  + gzip
                  + " is gzipped but not BGZF, so it cannot be read at random; run: gunzip"
                  + " reference.fa.gz && bgzip reference.fa");
    }
  }

  @Test
  void shouldRefuseAPlanOfAnotherVersionOrThatWasChanged() throws IOException {
    Path file = directory.resolve("plan.json");
    plan(KILO).write(file);
    String text = Files.readString(file);
    Files.writeString(file, text.replace("nf-spawn/plan/1", "nf-spawn/plan/2"));
    assertThatThrownBy(() -> Plan.read(file))
        .hasMessage(
            "plan "
                + file
                + " has schema nf-spawn/plan/2, this program reads nf-spawn/plan/1; run"
                + " spawn-chunks plan again");
    Files.writeString(file, text.replace("\"coreEnd\":2000", "\"coreEnd\":1999"));
    assertThatThrownBy(() -> Plan.read(file))
        .hasMessageStartingWith("plan " + file + " cannot be used: its content has digest");
  }

  private Path bed(String text) {
    try {
      return Files.writeString(directory.resolve("regions.bed"), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static WorkItem item(int contig, int start, int end, int padStart, int padEnd) {
    return WorkItem.of(new Interval(contig, start, end), new Interval(contig, padStart, padEnd));
  }
}
