package io.nfspawn.bams3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same records in the same order as samtools view gives for a region. */
class QueryEqualityTest {
  private static final long SEED = 42;

  @TempDir static Path dir;
  static Path bam;
  static Dataset dataset;

  @BeforeAll
  static void convert() throws IOException {
    GeneratedBam generated = new GeneratedBam(SEED).addRecords(6000);
    RecordBytes withoutPosition = new RecordBytes();
    withoutPosition.name = "placed-without-position";
    withoutPosition.flag = RecordView.UNMAPPED;
    withoutPosition.contig = 0;
    generated.add(withoutPosition.build());
    generated.add(GeneratedBam.longCigarRecord(0, 40_000, 80_000));
    generated.sortByCoordinate();
    bam = generated.write(dir.resolve("in.bam"), GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
    Samtools.run("index", bam.toString());
    dataset = Dataset.open(Datasets.convert(bam, dir.resolve("d"), 1 << 12, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chr1",
        "{chr1}",
        "{chr1}:1-100000",
        "{chr1}:1,000-2,000",
        "{chr1}:50000",
        "{chr1}:50000-",
        "{chr1}:-50000",
        "{chr1}:0-50000",
        "{chr1}:100-100",
        "{chr1}:10k-11k",
        "{chr1}:1e4-2e4",
        "HLA-A*01:01:01:01",
        "{HLA-A*01:01:01:01}:5000-90000",
        "HLA-A*01:01:01:01:5000-90000",
        "odd/name:1-5000",
        "*star:5-90000",
        "{chr1:100-200}:1-7000",
        "chr1:100-200:1-7000",
        "empty",
        "chrM:299999-400000",
        "chrM:300000000",
        "*"
      })
  void shouldEqualSamtoolsWhenAskedFor(String region) throws IOException {
    assertThat(query(region)).isEqualTo(Samtools.view(bam, region));
  }

  @Test
  void shouldEqualSamtoolsOverRandomRegions() throws IOException {
    Random random = new Random(SEED);
    for (int i = 0; i < 40; i++) {
      List<String> regions = new ArrayList<>();
      for (int count = 1 + random.nextInt(4); count > 0; count--) {
        String contig = GeneratedBam.CONTIGS.get(random.nextInt(GeneratedBam.CONTIGS.size()));
        int start = 1 + random.nextInt(GeneratedBam.CONTIG_BP);
        int length = 1 + random.nextInt(random.nextBoolean() ? 50 : 60_000);
        // samtools view -M does not know braces
        regions.add(contig + ":" + start + "-" + (start + length));
      }
      String[] asked = regions.toArray(new String[0]);
      assertThat(query(asked))
          .as("seed %d, regions %s", SEED, regions)
          .isEqualTo(Samtools.view(bam, asked));
    }
  }

  @Test
  void shouldWriteTheRecordsOfAnIntervalAsBam() throws IOException {
    Path slice = dir.resolve("slice.bam");
    try (java.io.OutputStream out = java.nio.file.Files.newOutputStream(slice)) {
      dataset.writeBam(out, 0, new Interval(0, 9_999, 30_000));
    }
    assertThat(Samtools.view(slice)).isEqualTo(Samtools.view(bam, "{chr1}:10000-30000"));
  }

  @Test
  void shouldCoverEveryRecordByPages() throws IOException {
    IntervalSet covered = IntervalSet.of(dataset.coveredIntervals());
    long pageRecords = 0;
    for (ChunkInfo chunk : dataset.chunks()) {
      if (chunk.contigIndex() >= 0) {
        pageRecords += dataset.pages(chunk).stream().mapToLong(PageInfo::records).sum();
      }
    }
    assertThat(pageRecords).isEqualTo(dataset.records() - dataset.counts().unplaced());
    try (RecordCursor records = dataset.query()) {
      while (records.next()) {
        RecordView record = records.record();
        if (record.start0() >= 0) {
          assertThat(covered.overlaps(record.contigIndex(), record.start0(), record.end0()))
              .as(record.name())
              .isTrue();
        }
      }
    }
  }

  @Test
  void shouldServeManyReadersAtOnce() throws Exception {
    String expected = query("chr1");
    ExecutorService readers = Executors.newFixedThreadPool(4);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        answers.add(readers.submit(() -> query("chr1")));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void shouldRefuseRegionsWhenNotSorted() throws IOException {
    Path unsorted =
        new GeneratedBam(3).addRecords(50).write(dir.resolve("u.bam"), GeneratedBam.header(""));
    try (Dataset other = Dataset.open(Datasets.convert(unsorted, dir.resolve("u")))) {
      assertThatThrownBy(() -> other.query(new Interval(0, 0, 10)))
          .hasMessage(
              dir.resolve("u")
                  + ": is not coordinate sorted, so it cannot be asked for regions; convert the"
                  + " output of samtools sort");
    }
  }

  private static String query(String... texts) throws IOException {
    Region[] regions = new Region[texts.length];
    for (int i = 0; i < texts.length; i++) {
      regions[i] = dataset.region(texts[i]);
    }
    return Datasets.samText(dataset, dataset.query(regions));
  }
}
