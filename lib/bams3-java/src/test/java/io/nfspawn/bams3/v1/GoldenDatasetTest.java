package io.nfspawn.bams3.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.RecordBytes;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Datasets that earlier builds wrote are read for ever; each lies beside the BAM it was made of. To
 * make one for a new version: {@code bams3 convert --span 64K FILE.bam FILE.bams3}.
 */
class GoldenDatasetTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("spawn.root"), "lib/bams3-java/src/test/resources/golden/1.0");

  @TempDir Path dir;

  @Test
  void shouldReadWhatEarlierBuildsWrote() throws IOException {
    List<Path> datasets;
    try (Stream<Path> entries = Files.list(GOLDEN)) {
      datasets = entries.filter(Files::isDirectory).sorted().toList();
    }
    assertThat(datasets).hasSize(2);
    for (Path place : datasets) {
      Path bam = Path.of(place.toString().replace(".bams3", ".bam"));
      try (DatasetReader dataset = DatasetReader.open(place)) {
        assertThat(Datasets.uncompressedBam(dataset)).as("%s", place).isEqualTo(inflated(bam));
        new Verification(dataset, records -> {}).run();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void shouldGiveBackEveryByteInEveryProfile(Profile profile) throws IOException {
    for (String name : List.of("odd.bam", "ordinary.bam")) {
      Path target = dir.resolve(profile + name);
      WriteOptions options = new WriteOptions(1 << 16, 2, profile, false);
      AlignmentInput input = AlignmentInput.file(GOLDEN.resolve(name), null);
      new Conversion(input, target, options, bytes -> {}).run();
      try (DatasetReader dataset = DatasetReader.open(target)) {
        assertThat(Datasets.uncompressedBam(dataset)).isEqualTo(inflated(GOLDEN.resolve(name)));
        new Verification(dataset, records -> {}).run();
      }
    }
  }

  /** A skip over most of a contig costs other queries its own page and no more. */
  @Test
  void shouldReadOnePageForAGiantSkip() throws IOException {
    GeneratedBam bam = new GeneratedBam(1);
    RecordBytes giant = read("giant", 100);
    giant.cigar =
        new int[] {RecordBytes.op(5, 'M'), RecordBytes.op(280_000, 'N'), RecordBytes.op(5, 'M')};
    bam.add(giant.build());
    for (int i = 0; i < 20_000; i++) {
      bam.add(read("r" + i, 200 + 10 * i).build());
    }
    Path input = bam.write(dir.resolve("n.bam"), GeneratedBam.header(""));
    Path target = dir.resolve("n");
    WriteOptions options = new WriteOptions(1 << 20, 1, Profile.BALANCED, false);
    new Conversion(AlignmentInput.file(input, null), target, options, bytes -> {}).run();
    try (DatasetReader dataset = DatasetReader.open(target)) {
      Selection selection =
          new Selection(false, false, IntervalSet.of(List.of(new Interval(0, 150_000, 150_010))));
      long touched =
          dataset.directory(dataset.chunks().get(0)).stream()
              .filter(row -> row.mayTouch(selection, 0))
              .count();
      assertThat(touched).isBetween(2L, 3L);
      assertThat(Datasets.samText(dataset, dataset.query(dataset.region("{chr1}:150001-150010"))))
          .startsWith("giant\t");
    }
  }

  private static RecordBytes read(String name, int start0) {
    RecordBytes record = new RecordBytes();
    record.name = name;
    record.contig = 0;
    record.start0 = start0;
    record.flag = RecordView.REVERSE;
    record.cigar = new int[] {RecordBytes.op(10, 'M')};
    record.bases = new byte[] {1, 2, 4, 8, 1, 2, 4, 8, 15, 1};
    record.qualities = new byte[] {30, 31, 32, 33, 34, 35, 36, 37, 38, 2};
    return record;
  }

  private static byte[] inflated(Path bam) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(bam))) {
      return in.readAllBytes();
    }
  }
}
