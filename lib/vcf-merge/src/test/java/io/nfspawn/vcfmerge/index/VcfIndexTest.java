package io.nfspawn.vcfmerge.index;

import static org.assertj.core.api.Assertions.assertThat;

import htsjdk.samtools.util.CloseableIterator;
import htsjdk.variant.variantcontext.VariantContext;
import htsjdk.variant.vcf.VCFFileReader;
import io.nfspawn.vcfmerge.Calls;
import io.nfspawn.vcfmerge.ChunkId;
import io.nfspawn.vcfmerge.ChunkResult;
import io.nfspawn.vcfmerge.Contig;
import io.nfspawn.vcfmerge.IndexFormat;
import io.nfspawn.vcfmerge.MergeLimits;
import io.nfspawn.vcfmerge.MergePlan;
import io.nfspawn.vcfmerge.MergeRequest;
import io.nfspawn.vcfmerge.MergeTarget;
import io.nfspawn.vcfmerge.OrderedMerge;
import io.nfspawn.vcfmerge.Tool;
import io.nfspawn.vcfmerge.VcfSource;
import io.nfspawn.vcfmerge.bgzf.BgzfReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Our index against the one that htslib makes of the same file. */
class VcfIndexTest {
  private static final List<Contig> TWO =
      List.of(new Contig("chr1", 3_000_000), new Contig("chr2", 1_000_000));

  @TempDir Path dir;

  @ParameterizedTest(name = "{0} of {2} records, seed {1}, {3} threads")
  @CsvSource({
    "TBI,1,20000,1",
    "TBI,2,50,1",
    "TBI,3,1,1",
    "TBI,4,60000,2",
    "CSI,1,20000,1",
    "CSI,5,300,2"
  })
  void shouldHoldWhatHtslibWouldWrite(IndexFormat format, long seed, int records, int threads)
      throws IOException {
    Path vcf = merged(Calls.random(seed, TWO, records * 2), format, threads);

    assertSameAsHtslib(vcf, format);
  }

  @ParameterizedTest
  @EnumSource(IndexFormat.class)
  void shouldHoldWhatHtslibWouldWriteWhenContigsAreManyAndMostAreEmpty(IndexFormat format)
      throws IOException {
    List<Contig> contigs = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      contigs.add(new Contig("scaffold_" + i, 500 + i * 37L));
    }
    Calls calls = new Calls(contigs);
    for (int i = 5; i < 3000; i += 7) {
      calls.add("scaffold_" + i, 3, "A", "G", "DP=1", 1).add("scaffold_" + i, 9, "A", "T", ".", 2);
    }
    Path vcf = merged(calls, format, 1);

    assertSameAsHtslib(vcf, format);
    assertThat(Tool.run("bcftools", "index", "--stats", vcf)).contains("scaffold_5\t685\t2");
  }

  @ParameterizedTest
  @EnumSource(IndexFormat.class)
  void shouldHoldWhatHtslibWouldWriteWhenThereIsNoRecord(IndexFormat format) throws IOException {
    Path vcf = merged(new Calls(TWO), format, 1);

    assertSameAsHtslib(vcf, format);
    assertThat(Tool.run("bcftools", "index", "-n", vcf)).isEqualTo("0\n");
    assertThat(Tool.run("bcftools", "view", "-H", vcf)).isEmpty();
  }

  @Test
  void shouldTakeCsiAndTheDepthOfHtslibWhenAContigIsLong() throws IOException {
    List<Contig> contigs =
        List.of(new Contig("1A", 594_102_056), new Contig("huge", 6_000_000_000L));
    Path vcf = merged(Calls.random(6, contigs, 3000), null, 1);

    assertThat(dir.resolve("out.vcf.gz.tbi")).doesNotExist();
    assertSameAsHtslib(vcf, IndexFormat.CSI);
  }

  @Test
  void shouldCountRecordsForIndexStats() throws IOException {
    Path vcf = merged(Calls.random(7, TWO, 1000), null, 1);

    assertThat(Tool.run("bcftools", "index", "--stats", vcf))
        .isEqualTo("chr1\t3000000\t500\nchr2\t1000000\t500\n");
    assertThat(Tool.run("bcftools", "index", "--nrecords", vcf)).isEqualTo("1000\n");
  }

  @Test
  void shouldFollowHtslibsRuleForEndsWhenRecordsAreOdd() throws IOException {
    Calls calls =
        new Calls(TWO)
            .add("chr1", 0, "N", "<DEL>", "END=70000", 1)
            .add("chr1", 1, "A", "<DEL>", "END=.;DP=3", 2)
            .add("chr1", 20_000, "A", "<DEL>", "CIEND=-5,5;END=90000", 3)
            .add("chr1", 20_001, "A", "<DEL>", "END=5", 4)
            .add("chr1", 20_002, "ACGT".repeat(9000), "A", "XEND=900000;DP=1", 5)
            .add("chr1", 20_003, "A", "<DEL>", "END=2000000", 6)
            .add("chr2", 999_999, "AC", "A", ".", 7);
    for (IndexFormat format : IndexFormat.values()) {
      assertSameAsHtslib(merged(calls, format, 1), format);
    }
  }

  @ParameterizedTest
  @EnumSource(IndexFormat.class)
  void shouldAnswerRegionsAsHtslibsIndexDoes(IndexFormat format) throws IOException {
    long seed = 8;
    Path vcf = merged(Calls.random(seed, TWO, 30_000), format, 1);
    Path theirs = Files.createDirectory(dir.resolve("theirs")).resolve("out.vcf.gz");
    Files.copy(vcf, theirs);
    Tool.run("bcftools", "index", format == IndexFormat.TBI ? "-t" : "-c", theirs);

    Random random = new Random(seed);
    for (int i = 0; i < (Boolean.getBoolean("spawn.soak") ? 400 : 15); i++) {
      int start = 1 + random.nextInt(2_900_000);
      String region = "chr1:" + start + "-" + (start + random.nextInt(1 << random.nextInt(20)));
      assertThat(Tool.run("tabix", vcf, region))
          .as("seed %d region %s", seed, region)
          .isEqualTo(Tool.run("tabix", theirs, region));
      assertThat(Tool.run("bcftools", "view", "-H", "-r", region, vcf))
          .as("seed %d region %s", seed, region)
          .isEqualTo(Tool.run("bcftools", "view", "-H", "-r", region, theirs));
    }
  }

  @Test
  void shouldAnswerRegionsOfHtsjdk() throws IOException {
    Path vcf = merged(Calls.random(9, TWO, 30_000), IndexFormat.TBI, 1);

    try (VCFFileReader reader = new VCFFileReader(vcf, true);
        CloseableIterator<VariantContext> found = reader.query("chr1", 500_000, 600_000)) {
      long expected = Tool.run("tabix", vcf, "chr1:500000-600000").lines().count();
      assertThat(found.stream().count()).isEqualTo(expected).isPositive();
    }
  }

  private Path merged(Calls calls, @Nullable IndexFormat format, int threads) throws IOException {
    Path vcf = dir.resolve("out.vcf.gz");
    MergeTarget target = new MergeTarget.ToFiles(vcf, format, dir.resolve("stats.json"));
    MergeRequest request =
        MergeRequest.of("s", target, MergePlan.openEnded())
            .withLimits(new MergeLimits(1 << 20, dir, threads));
    try (OrderedMerge merge = OrderedMerge.open(request)) {
      merge.accept(ChunkResult.of(new ChunkId("all"), VcfSource.of("all", calls.vcf())));
      merge.finish();
    }
    return vcf;
  }

  private void assertSameAsHtslib(Path vcf, IndexFormat format) throws IOException {
    Path copy = Files.createTempDirectory(dir, "htslib").resolve("out.vcf.gz");
    Files.copy(vcf, copy);
    Tool.run("bcftools", "index", format == IndexFormat.TBI ? "-t" : "-c", copy);
    byte[] ours = plain(Path.of(vcf + format.suffix()));
    byte[] theirs = plain(Path.of(copy + format.suffix()));
    assertThat(ParsedIndex.of(ours)).isEqualTo(ParsedIndex.of(theirs));
    assertThat(ours).hasSameSizeAs(theirs);
  }

  private static byte[] plain(Path index) throws IOException {
    try (InputStream in = BgzfReader.uncompressed(Files.newInputStream(index))) {
      return in.readAllBytes();
    }
  }
}
