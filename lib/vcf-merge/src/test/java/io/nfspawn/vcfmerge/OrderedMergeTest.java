package io.nfspawn.vcfmerge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.nfspawn.vcfmerge.OrderedMerge.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderedMergeTest {
  private static final List<Contig> CONTIGS =
      List.of(new Contig("chr2", 400_000), new Contig("chr1", 150_000));

  @TempDir Path dir;
  private Path work;
  private Path scratch;
  private Path vcf;

  @BeforeEach
  void makeDirectories() throws IOException {
    work = Files.createDirectory(dir.resolve("work"));
    scratch = Files.createDirectory(dir.resolve("scratch"));
    vcf = work.resolve("NA12878.vcf.gz");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldWriteTheSameBytesWhenChunksComeInAnyOrder(long seed) throws IOException {
    Calls calls = Calls.random(11, CONTIGS, 5000);
    MergePlan plan = calls.plan(16_384);
    List<ChunkResult> results = calls.results(plan);
    Collections.shuffle(results, new Random(seed));

    merge(request(plan), results);

    assertThat(Tool.run("bgzip", "-dc", vcf))
        .as("seed %d", seed)
        .isEqualTo(calls.header() + calls.body());
    assertThat(Tool.run("bcftools", "view", "-H", vcf).lines().count()).isEqualTo(calls.size());
  }

  @Test
  void shouldWriteTheSameBytesWhenManyThreadsBringChunksTwice() throws Exception {
    Calls calls = Calls.random(12, CONTIGS, 20_000);
    MergePlan plan = calls.plan(4096);
    List<ChunkResult> results = new ArrayList<>(calls.results(plan));
    results.addAll(calls.results(plan));
    Collections.shuffle(results, new Random(12));

    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (OrderedMerge merge = OrderedMerge.open(request(plan))) {
      List<Future<Outcome>> outcomes = new ArrayList<>();
      results.forEach(result -> outcomes.add(threads.submit(() -> merge.accept(result))));
      int taken = 0;
      for (Future<Outcome> outcome : outcomes) {
        taken += outcome.get() == Outcome.TAKEN ? 1 : 0;
      }
      merge.finish();
      assertThat(taken).isEqualTo(calls.results(plan).size()).isEqualTo(merge.taken());
    } finally {
      threads.shutdownNow();
    }

    assertThat(Tool.run("bgzip", "-dc", vcf)).isEqualTo(calls.header() + calls.body());
  }

  @Test
  void shouldSpillToScratchAndCleanUpWhenTheFirstChunkComesLast() throws IOException {
    Calls calls = Calls.random(13, CONTIGS, 20_000);
    MergePlan plan = calls.plan(65_536);
    List<ChunkResult> results = calls.results(plan);
    Collections.reverse(results);

    try (OrderedMerge merge =
        OrderedMerge.open(request(plan).withLimits(new MergeLimits(300_000, scratch, 1)))) {
      for (ChunkResult result : results) {
        merge.accept(result);
      }
      merge.finish();
      assertThat(merge.spilled()).isPositive();
    }

    assertThat(Tool.run("bgzip", "-dc", vcf)).isEqualTo(calls.header() + calls.body());
    assertThat(names(scratch)).isEmpty();
    assertThat(names(work))
        .containsExactly("NA12878.merge_stats.json", "NA12878.vcf.gz", "NA12878.vcf.gz.tbi");
  }

  @Test
  void shouldWriteAReceiptThatTheSchemaAccepts() throws Exception {
    Calls calls = Calls.random(14, CONTIGS, 100);
    MergePlan plan = calls.plan(200_000);
    List<ChunkResult> results = new ArrayList<>();
    for (ChunkResult r : calls.results(plan)) {
      List<Interval> deep =
          List.of(new Interval("chr2", 199_000, 201_000), new Interval("chr1", 7, 9));
      results.add(new ChunkResult(r.id(), r.vcf(), "rank 2", 3, deep));
    }

    MergeReceipt receipt =
        merge(request(plan).withCaller(CallerInfo.of("1.16", "bcftools call -mv")), results);

    assertThat(receipt.complete()).isEqualTo(MergeReceipt.Completeness.COMPLETE);
    assertThat(receipt.totals()).isEqualTo(new MergeReceipt.Totals(3, 3, 100));
    assertThat(receipt.overDepth())
        .containsExactly(new Interval("chr2", 199_000, 201_000), new Interval("chr1", 7, 9));
    assertThat(receipt.chunks().get(1).worker()).isEqualTo("rank 2");
    assertThat(receipt.vcfSha256())
        .isEqualTo(HexFormat.of().formatHex(Sha256.digest().digest(Files.readAllBytes(vcf))));
    Path file = work.resolve("NA12878.merge_stats.json");
    assertThat(MergeReceipt.read(file)).isEqualTo(receipt);
    assertSchemaAccepts(file);
    assertThat(Tool.run("bcftools", "view", "-h", vcf))
        .contains("##spawn_callerCommand=bcftools call -mv\n")
        .doesNotContain("##callCommand");
  }

  @Test
  void shouldOrderChunksByTheirRecordsWhenThereIsNoPlan() throws Exception {
    Calls calls = Calls.random(15, CONTIGS, 1000);
    List<ChunkResult> results = calls.results(calls.plan(50_000));
    Collections.shuffle(results, new Random(15));

    MergeReceipt receipt = merge(request(MergePlan.openEnded()), results);

    assertThat(Tool.run("bgzip", "-dc", vcf)).isEqualTo(calls.header() + calls.body());
    assertThat(receipt.complete()).isEqualTo(MergeReceipt.Completeness.UNKNOWN);
    assertThat(receipt.totals().expected()).isNull();
    assertSchemaAccepts(work.resolve("NA12878.merge_stats.json"));
  }

  @Test
  void shouldWriteBgzfToAStream() throws IOException {
    Calls calls = Calls.random(16, CONTIGS, 1000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MergePlan plan = calls.plan(50_000);

    merge(MergeRequest.of("s", new MergeTarget.ToStream(out), plan), calls.results(plan));

    Path file = Files.write(dir.resolve("stream.vcf.gz"), out.toByteArray());
    assertThat(Tool.run("bgzip", "-dc", file)).isEqualTo(calls.header() + calls.body());
  }

  @Test
  void shouldWriteAnEmptyVcfWhenThereIsAHeaderAndNoChunk() throws IOException {
    Calls calls = new Calls(CONTIGS);
    MergePlan plan = MergePlan.of("d", CONTIGS, List.of());

    merge(request(plan).withHeader(VcfSource.of("header", calls.vcf())), List.of());

    assertThat(Tool.run("bcftools", "index", "-n", vcf)).isEqualTo("0\n");
    assertThat(Tool.run("bgzip", "-dc", vcf)).isEqualTo(calls.header());
  }

  @Test
  void shouldReplaceAnEarlierResultAndItsIndex() throws IOException {
    Files.writeString(vcf, "old");
    Files.writeString(work.resolve("NA12878.vcf.gz.csi"), "old");
    Calls calls = Calls.random(17, CONTIGS, 10);
    MergePlan plan = calls.plan(500_000);

    merge(request(plan), calls.results(plan));

    assertThat(names(work))
        .containsExactly("NA12878.merge_stats.json", "NA12878.vcf.gz", "NA12878.vcf.gz.tbi");
  }

  @Test
  void shouldPublishNothingAndNameWhatIsMissingWhenIncomplete() throws IOException {
    Calls calls = Calls.random(18, CONTIGS, 1000);
    MergePlan plan = calls.plan(100_000);
    List<ChunkResult> results = calls.results(plan);

    assertThatThrownBy(() -> merge(request(plan), List.of(results.get(0), results.get(2))))
        .isInstanceOf(IncompleteMergeException.class)
        .hasMessage(
            vcf
                + " is not published: 4 of 6 chunks are missing: 0:100000 (chr2:100001-200000),"
                + " 0:300000 (chr2:300001-400000), 1:0 (chr1:1-100000), 1:100000"
                + " (chr1:100001-150000); call them and merge again");
    assertThat(names(work)).isEmpty();
    assertThat(names(scratch)).isEmpty();
  }

  @Test
  void shouldDropRepeatsAndRefuseOtherRecordsForTheSameChunk() throws IOException {
    Calls calls = new Calls(CONTIGS).add("chr2", 5, "A", "C", "DP=1", 1);
    Calls others = new Calls(CONTIGS).add("chr2", 5, "A", "C", "DP=2", 1);
    MergePlan plan = calls.plan(500_000);
    Interval core = new Interval("chr2", 0, 400_000);
    ChunkId id = new ChunkId("0:0");
    try (OrderedMerge merge = OrderedMerge.open(request(plan))) {
      byte[] first = calls.chunk(core, "##fileDate=1");
      byte[] again = calls.chunk(core, "##fileDate=2");
      assertThat(merge.accept(ChunkResult.of(id, VcfSource.of("rank 1", first))))
          .isEqualTo(Outcome.TAKEN);
      assertThat(merge.accept(ChunkResult.of(id, VcfSource.of("rank 2", again))))
          .isEqualTo(Outcome.REPEATED);
      assertThatThrownBy(
              () -> merge.accept(ChunkResult.of(id, VcfSource.of("rank 3", others.chunk(core)))))
          .isInstanceOf(ConflictingChunkException.class)
          .hasMessage(
              "chunk 0:0 came twice with different records: 1 from rank 1 (attempt 1), 1 from"
                  + " rank 3 (attempt 1); the caller is not reproducible");
      assertThat(merge.taken()).isEqualTo(1);
    }
  }

  @Test
  void shouldGoOnAfterABadChunkWhenAGoodOneFollows() throws IOException {
    Calls calls = Calls.random(19, CONTIGS, 100);
    MergePlan plan = calls.plan(500_000);
    List<ChunkResult> results = calls.results(plan);
    try (OrderedMerge merge = OrderedMerge.open(request(plan))) {
      ChunkResult bad =
          ChunkResult.of(new ChunkId("0:0"), VcfSource.of("bad", "hello".getBytes(UTF_8)));
      assertThatThrownBy(() -> merge.accept(bad)).isInstanceOf(InvalidChunkException.class);
      for (ChunkResult result : results) {
        merge.accept(result);
      }
      merge.finish();
    }
    assertThat(Tool.run("bgzip", "-dc", vcf)).isEqualTo(calls.header() + calls.body());
  }

  @Test
  void shouldLeaveNothingBehindWhenClosedBeforeTheEnd() throws IOException {
    Calls calls = Calls.random(20, CONTIGS, 3000);
    MergePlan plan = calls.plan(10_000);
    try (OrderedMerge merge =
        OrderedMerge.open(request(plan).withLimits(new MergeLimits(0, scratch, 2)))) {
      merge.accept(calls.results(plan).get(3));
      assertThat(names(work)).singleElement().asString().matches("\\.NA12878.*\\.tmp");
    }
    assertThat(names(work)).isEmpty();
    assertThat(names(scratch)).isEmpty();
  }

  private MergeRequest request(MergePlan plan) {
    return MergeRequest.of("NA12878", MergeTarget.beside(vcf), plan)
        .withLimits(new MergeLimits(1 << 20, scratch, 1));
  }

  private static MergeReceipt merge(MergeRequest request, List<ChunkResult> results)
      throws IOException {
    try (OrderedMerge merge = OrderedMerge.open(request)) {
      for (ChunkResult result : results) {
        merge.accept(result);
      }
      return merge.finish();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertSchemaAccepts(Path receipt) throws IOException {
    Path schema = Path.of(System.getProperty("spawn.root"), "docs/schema/merge_stats.schema.json");
    var validator =
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Files.readString(schema));
    assertThat(validator.validate(new ObjectMapper().readTree(receipt.toFile()))).isEmpty();
  }
}
