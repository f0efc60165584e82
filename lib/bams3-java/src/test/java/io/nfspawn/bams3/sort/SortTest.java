package io.nfspawn.bams3.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.RecordBytes;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Samtools;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code convert --sort} gives what {@code samtools sort} gives, byte for byte. */
class SortTest {
  @TempDir Path dir;
  Path temporary;

  @BeforeEach
  void makeTemporary() throws IOException {
    temporary = Files.createDirectory(dir.resolve("tmp"));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void shouldEqualSamtoolsSortInMemory(long seed) throws IOException {
    assertSorted(new GeneratedBam(seed).addRecords(1000), SortOptions.USUAL_MEMORY_BYTES);
  }

  /** Some 10 files' worth: they are merged once on the way. */
  @Test
  void shouldEqualSamtoolsSortWhenMemoryIsSmall() throws IOException {
    GeneratedBam bam = new GeneratedBam(4).addRecords(20_000);
    bam.add(GeneratedBam.longCigarRecord(2, 1000, 300_000)); // larger than a frame
    bam.addRecords(12_000);
    assertSorted(bam, SortOptions.LEAST_MEMORY_BYTES);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void shouldKeepTheOrderOfTiesAcrossFiles() throws IOException {
    GeneratedBam bam = new GeneratedBam(5);
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      RecordBytes record = new RecordBytes();
      record.name = "n" + i;
      record.contig = random.nextInt(3) - 1;
      record.start0 = random.nextInt(4) - 1;
      record.flag = random.nextInt(2) * RecordView.REVERSE | RecordView.UNMAPPED;
      record.bases = new byte[100];
      bam.add(record.build());
    }
    assertSorted(bam, SortOptions.LEAST_MEMORY_BYTES);
  }

  @Test
  void shouldSortNothing() throws IOException {
    assertSorted(new GeneratedBam(6), SortOptions.LEAST_MEMORY_BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@HD\tVN:1.4\n",
        "@HD\tVN:1.5\tSO:unsorted\tGO:query\n",
        "@HD\tVN:1.6\tGO:query\tSO:queryname\tSS:queryname:natural\n",
        "@HD\tSO:unsorted\tVN:1.3\n",
        "@CO\tfirst\n@HD\tVN:1.4\n",
        "@CO\tno newline at the end"
      })
  void shouldRewriteTheHeaderAsSamtoolsSortDoes(String start) throws IOException {
    String text = start.endsWith("end") ? "@SQ\tSN:a\tLN:300000\n" + start : start;
    String contig = start.endsWith("end") ? "" : "@SQ\tSN:a\tLN:300000\n@RG\tID:x\n@CO\ty\tz\n";
    assertSorted(
        new GeneratedBam(7),
        GeneratedBam.header(text + contig, List.of("a")),
        SortOptions.LEAST_MEMORY_BYTES);
  }

  @Test
  void shouldOrderByUnsignedKeys() {
    List<Long> keys = new ArrayList<>();
    int[][] places = {{0, -1, 0}, {0, 0, 0}, {0, 0, 16}, {0, Integer.MAX_VALUE, 0}, {1, -1, 16}};
    for (int[] place : places) {
      keys.add(key(place[0], place[1], place[2]));
    }
    keys.add(key(-1, -1, 0));
    keys.add(key(-1, -1, 16));
    keys.add(key(-1, 5, 0));
    assertThat(keys).isSorted().doesNotHaveDuplicates();
  }

  private static long key(int contig, int start0, int flag) {
    RecordBytes record = new RecordBytes();
    record.contig = contig;
    record.start0 = start0;
    record.flag = flag;
    return CoordinateKey.of(record.build(), 0, 2);
  }

  @Test
  void shouldKeepNoNameOfAFile() throws IOException {
    try (SpillFile file = SpillFile.create(temporary)) {
      assertThat(temporary).isEmptyDirectory();
      file.append(new byte[] {1, 2, 3}, 3, 3);
      assertThat(file.read(file.frames().get(0))).containsExactly(1, 2, 3);
    }
    Path none = dir.resolve("none");
    assertThatThrownBy(() -> SpillFile.create(none))
        .isInstanceOf(Bams3Exception.class)
        .hasMessageStartingWith("cannot keep records to be sorted in " + none + ": ")
        .hasMessageEndingWith("; free space there or choose another directory with --tmp");
  }

  @Test
  void shouldRefuseTooLittleMemory() {
    assertThatThrownBy(() -> new SortOptions(1000, temporary))
        .hasMessage("memory is 1000 bytes; it must be at least 1048576 (1M)");
  }

  private void assertSorted(GeneratedBam bam, long memoryBytes) throws IOException {
    assertSorted(bam, GeneratedBam.header("@HD\tVN:1.6\tSO:queryname"), memoryBytes);
  }

  private void assertSorted(GeneratedBam bam, byte[] header, long memoryBytes) throws IOException {
    Path input = bam.write(dir.resolve("in.bam"), header);
    Path target = dir.resolve("d");
    new Conversion(AlignmentInput.file(input, null), target, WriteOptions.DEFAULT, bytes -> {})
        .sorted(new SortOptions(memoryBytes, temporary))
        .run();
    byte[] theirs = inflated(Samtools.run("sort", "--no-PG", "-u", "-o", "-", input.toString()));
    try (Dataset dataset = Dataset.open(target)) {
      // htslib computes the field bin anew, which we keep: let it do so to our records, too
      Path ours = dir.resolve("ours.bam");
      GeneratedBam.writeBgzf(ours, Datasets.uncompressedBam(dataset));
      assertThat(inflated(Samtools.run("view", "-u", "--no-PG", ours.toString())))
          .isEqualTo(theirs);
      assertThat(dataset.isCoordinateSorted()).isTrue();
    }
  }

  private static byte[] inflated(byte[] bam) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(bam)).readAllBytes();
  }
}
