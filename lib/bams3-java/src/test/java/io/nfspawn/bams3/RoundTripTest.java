package io.nfspawn.bams3;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.v1.DatasetReader;
import io.nfspawn.bams3.v1.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BAM in, the same bytes and the same text out. */
class RoundTripTest {
  @TempDir Path dir;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldGiveBackEveryByteWhenSorted(long seed) throws IOException {
    GeneratedBam bam = new GeneratedBam(seed).addRecords(3000).sortByCoordinate();
    Dataset dataset = assertRoundTrip(bam, GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
    assertThat(dataset.isCoordinateSorted()).isTrue();
    assertThat(dataset.samples()).containsExactly("one", "two");
  }

  @Test
  void shouldKeepTheOrderWhenSortedByName() throws IOException {
    GeneratedBam bam = new GeneratedBam(11).addRecords(5000);
    Dataset dataset = assertRoundTrip(bam, GeneratedBam.header("@HD\tVN:1.6\tSO:queryname"));
    assertThat(dataset.isCoordinateSorted()).isFalse();
  }

  @Test
  void shouldKeepTheOrderWhenTheHeaderSaysNothing() throws IOException {
    GeneratedBam bam = new GeneratedBam(12).addRecords(500).sortByCoordinate();
    bam.add(bam.records().get(0));
    assertThat(assertRoundTrip(bam, GeneratedBam.header("")).isCoordinateSorted()).isFalse();
  }

  @Test
  void shouldMakeAValidDatasetWhenThereAreNoRecords() throws IOException {
    Dataset dataset = assertRoundTrip(new GeneratedBam(1), GeneratedBam.header(""));
    assertThat(dataset.records()).isZero();
    assertThat(dataset.coveredIntervals()).isEmpty();
  }

  @Test
  void shouldGiveBackUnplacedReadsWhenThereIsNoContig() throws IOException {
    GeneratedBam bam = new GeneratedBam(1);
    for (int i = 0; i < 3000; i++) {
      RecordBytes record = new RecordBytes();
      record.name = "u" + i;
      record.flag = RecordView.UNMAPPED;
      record.bases = new byte[] {1, 2, 4};
      bam.add(record.build());
    }
    assertRoundTrip(bam, GeneratedBam.header("@HD\tVN:1.6\tSO:unsorted\n", List.of()));
  }

  @Test
  void shouldGiveBackVeryLongReadsAndCigars() throws IOException {
    GeneratedBam bam = new GeneratedBam(21).addRecords(200);
    bam.add(GeneratedBam.longCigarRecord(0, 1000, 70_000));
    bam.add(GeneratedBam.longCigarRecord(0, 5000, 1_500_000));
    bam.sortByCoordinate();
    Dataset dataset = assertRoundTrip(bam, GeneratedBam.header(""));
    assertThat(Datasets.samText(dataset, dataset.query(dataset.region("{chr1}:30000-30001"))))
        .isEqualTo(Samtools.view(indexed(), "{chr1}:30000-30001"))
        .contains("long-cigar-1000");
  }

  @Test
  void shouldGiveBackTheRealSlice() throws IOException {
    Path real =
        Path.of(System.getProperty("spawn.root"), "../shared/data/NA12878")
            .resolve("NA12878.chr20.10mb.bam");
    Assumptions.assumeTrue(Files.exists(real), real + " is not there");
    Path target = Datasets.convert(real, dir.resolve("d"), 1 << 14, 2);
    try (DatasetReader dataset = DatasetReader.open(target)) {
      assertThat(Datasets.samText(dataset, dataset.query())).isEqualTo(Samtools.view(real));
      assertThat(Datasets.uncompressedBam(dataset)).isEqualTo(inflated(real));
      new Verification(dataset, records -> {}).run();
      Random random = new Random(7);
      for (int i = 0; i < 20; i++) {
        int start = 9_999_000 + random.nextInt(102_000);
        String region = "chr20:" + start + "-" + (start + random.nextInt(3000));
        assertThat(Datasets.samText(dataset, dataset.query(dataset.region(region))))
            .as(region)
            .isEqualTo(Samtools.view(real, region));
      }
    }
  }

  private Path indexed() throws IOException {
    Path bam = dir.resolve("in.bam");
    Samtools.run("index", bam.toString());
    return bam;
  }

  private Dataset assertRoundTrip(GeneratedBam bam, byte[] header) throws IOException {
    Path input = bam.write(dir.resolve("in.bam"), header);
    DatasetReader dataset = DatasetReader.open(Datasets.convert(input, dir.resolve("d")));
    assertThat(Datasets.uncompressedBam(dataset)).isEqualTo(bam.uncompressed(header));
    assertThat(Datasets.samText(dataset, dataset.query())).isEqualTo(Samtools.view(input));
    assertThat(dataset.records()).isEqualTo(bam.records().size());
    assertThat(dataset.headerText().getBytes(StandardCharsets.UTF_8))
        .isEqualTo(java.util.Arrays.copyOfRange(header, 8, 8 + LittleEndian.int32(header, 4)));
    new Verification(dataset, records -> {}).run();
    return dataset;
  }

  private static byte[] inflated(Path bam) throws IOException {
    try (java.util.zip.GZIPInputStream in =
        new java.util.zip.GZIPInputStream(Files.newInputStream(bam))) {
      return in.readAllBytes();
    }
  }
}
