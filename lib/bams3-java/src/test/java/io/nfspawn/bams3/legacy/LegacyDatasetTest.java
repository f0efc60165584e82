package io.nfspawn.bams3.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.bam.SamText;
import io.nfspawn.bams3.store.DirectoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets of every old version, stored once by {@code src/test/python/legacy_golden.py}. */
class LegacyDatasetTest {
  private static final Path GOLDEN = Path.of("src/test/resources/legacy");
  private static final int MUTANTS = Boolean.getBoolean("spawn.soak") ? 30_000 : 100;
  private static final String CHUNK = "data/chr1/001048576-002097152.chunk";

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"go-0.1", "go-0.2", "go-stream-0.2", "python-0.1"})
  void shouldGiveWhatIsThereOfEveryOldVersion(String name) throws IOException {
    assertThat(text(GOLDEN.resolve(name)))
        .isEqualTo(Files.readString(GOLDEN.resolve(name).resolve("expected.sam")));
  }

  @Test
  void shouldUpgradeToTheCurrentFormat() throws IOException {
    Path old = GOLDEN.resolve("go-0.2");
    Path target = dir.resolve("new");
    try (LegacyDataset legacy = LegacyDataset.open(new DirectoryStore(old))) {
      assertThat(legacy.recordCount()).isEqualTo(7);
      assertThat(Upgrade.run(legacy, target, WriteOptions.DEFAULT, records -> {})).isEqualTo(7);
    }
    try (Dataset dataset = Dataset.open(target)) {
      assertThat(dataset.isCoordinateSorted()).isTrue();
      assertThat(dataset.headerText() + Datasets.samText(dataset, dataset.query()))
          .isEqualTo(Files.readString(old.resolve("expected.sam")));
    }
  }

  @Test
  void shouldFindReadsLongerThanTheirField() throws IOException {
    List<String[]> lines =
        text(GOLDEN.resolve("go-long-0.2"))
            .lines()
            .filter(line -> !line.startsWith("@"))
            .map(line -> line.split("\t"))
            .toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)[5]).isEqualTo("70000M");
    assertThat(lines.get(0)[9]).isEqualTo("ACGT".repeat(17_500));
    assertThat(lines.get(1)[9]).isEqualTo("ACGT".repeat(17_500));
    assertThat(lines.get(1)[10]).isEqualTo("5".repeat(70_000));
    assertThat(lines.get(1)[11]).isEqualTo("XX:Z:x");
  }

  @Test
  void shouldSayWhatEachVersionLost() throws IOException {
    assertThat(losses("go-0.2"))
        .containsExactly(
            "@HD other than VN and SO: absent",
            "@SQ other than SN and LN: absent",
            "@RG other than ID: absent",
            "@PG other than PN and VN: absent, ID is a number",
            "@CO after a tab: absent",
            "order of header lines: @HD @SQ @RG @PG @CO",
            "RNEXT, PNEXT, TLEN: *, 0, 0",
            "types of tags: all Z, values as they were printed",
            "order of tags: as stored",
            "bases other than A C G T N: N");
    assertThat(losses("go-0.1")).doesNotContain("bases other than A C G T N: N");
    assertThat(losses("go-stream-0.2")).contains("CIGAR: *").doesNotContain("CIGAR: absent");
    assertThat(losses("python-0.1"))
        .containsExactly(
            "@CO: absent",
            "order of header lines: @HD @SQ @RG @PG",
            "RNEXT, PNEXT, TLEN: *, 0, 0",
            "tags: none",
            "RNAME and POS of unmapped reads: * and 0");
  }

  @Test
  void shouldSayThatReadsAndOrderAreLost() throws IOException {
    Path copy = copy("go-0.2");
    replace(copy.resolve("_metadata.json"), "\"total_reads\": 7", "\"total_reads\": 9");
    replace(copy.resolve("_header.json"), "\"coordinate\"", "\"queryname\"");
    try (LegacyDataset dataset = LegacyDataset.open(new DirectoryStore(copy))) {
      assertThat(dataset.losses().get(0)).hasToString("reads: 2 of 9 are in no chunk");
      assertThat(dataset.losses())
          .last()
          .hasToString("order of the records: by chunk; any SO in @HD is unsorted");
      assertThat(dataset.header().sortOrder()).isEqualTo("unsorted");
    }
  }

  @Test
  void shouldNameTheObjectThatIsNotSound() throws IOException {
    Path copy = copy("go-0.2");
    Path chunk = copy.resolve(CHUNK);
    byte[] whole = Files.readAllBytes(chunk);
    Files.delete(chunk);
    assertCorrupt(copy, CHUNK, "is missing");
    byte[] other = whole.clone();
    other[other.length - 1] ^= 1;
    Files.write(chunk, other);
    assertThatThrownBy(() -> text(copy))
        .isInstanceOf(CorruptDatasetException.class)
        .hasMessageContaining("object " + CHUNK + " ");
    Files.write(chunk, "{}".getBytes(StandardCharsets.US_ASCII));
    assertCorrupt(copy, CHUNK, "is no chunk of version 0.2: it does not start with 33 4d 41 42");
    Files.write(chunk, whole);
    replace(copy.resolve("_metadata.json"), "\"reads\": 3,", "\"reads\": 4,");
    assertCorrupt(copy, "data/chr1/000000000-001048576.chunk", "has 3 reads, 4 expected");
  }

  @Test
  void shouldRefuseWhatIsNoOldDataset() throws IOException {
    assertThatThrownBy(() -> LegacyDataset.open(new DirectoryStore(dir)))
        .hasMessage(dir + ": is no dataset of version 0.1 or 0.2: it has no _metadata.json");
    Path copy = copy("go-0.1");
    replace(copy.resolve("_metadata.json"), "\"0.1.0\"", "\"0.3.0\"");
    assertCorrupt(copy, "_metadata.json", "has version '0.3.0', 0.1 or 0.2 expected");
    replace(copy.resolve("_metadata.json"), "\"0.3.0\"", "\"0.1.0\"");
    replace(copy.resolve("_metadata.json"), "data/chr2", "data/../../chr2");
    assertThatThrownBy(() -> text(copy)).hasMessageContaining("lists a chunk at 'data/../../chr2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"go-0.1", "go-0.2", "go-stream-0.2"})
  void shouldGiveATypedErrorOrTheTruthWhenDamaged(String name) throws IOException {
    String truth = text(GOLDEN.resolve(name));
    Path copy = copy(name);
    List<Path> files;
    try (Stream<Path> tree = Files.walk(copy.resolve("data"))) {
      files = tree.filter(Files::isRegularFile).sorted().toList();
    }
    for (int seed = 0; seed < MUTANTS; seed++) {
      Random random = new Random(seed);
      Path file = files.get(random.nextInt(files.size()));
      byte[] whole = Files.readAllBytes(file);
      byte[] mutant = whole.clone();
      mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      Files.write(
          file,
          random.nextInt(4) == 0
              ? java.util.Arrays.copyOf(mutant, random.nextInt(mutant.length))
              : mutant);
      try {
        assertThat(text(copy)).as("seed %d of %s", seed, file).isEqualTo(truth);
      } catch (CorruptDatasetException e) {
        assertThat(e.object()).as("seed %d", seed).startsWith("data/");
      }
      Files.write(file, whole);
    }
  }

  @Test
  void shouldRefuseALyingSizeWithoutAllocatingIt() throws IOException {
    Path copy = copy("go-0.2");
    byte[] chunk = new byte[40];
    LittleEndian.putInt32(chunk, 0, BinaryReads.MAGIC);
    LittleEndian.putInt16(chunk, 4, BinaryReads.VERSION);
    LittleEndian.putInt32(chunk, 8, 1);
    LittleEndian.putInt32(chunk, 16, Integer.MAX_VALUE);
    Files.write(copy.resolve(CHUNK), chunk);
    assertCorrupt(copy, CHUNK, "is damaged: read 1 is cut: 24 of 2147483647 bytes are there");
  }

  private static void assertCorrupt(Path dataset, String object, String problem) {
    assertThatThrownBy(() -> text(dataset))
        .isInstanceOf(CorruptDatasetException.class)
        .hasMessage(
            "%s: object %s %s; restore it from a copy or run bams3 convert again"
                .formatted(dataset, object, problem));
  }

  private static List<String> losses(String name) throws IOException {
    try (LegacyDataset dataset = LegacyDataset.open(new DirectoryStore(GOLDEN.resolve(name)))) {
      return dataset.losses().stream().map(Loss::toString).toList();
    }
  }

  static String text(Path directory) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LegacyDataset dataset = LegacyDataset.open(new DirectoryStore(directory));
        RecordCursor records = dataset.records()) {
      out.writeBytes(dataset.header().printedText());
      SamText text = new SamText(dataset.header().contigs());
      while (records.next()) {
        assertThat(records.record().problem()).isEmpty();
        text.write(records.record(), out);
      }
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private Path copy(String name) throws IOException {
    Path source = GOLDEN.resolve(name);
    Path copy = dir.resolve("copy");
    try (Stream<Path> tree = Files.walk(source)) {
      for (Path path : tree.toList()) {
        Files.copy(path, copy.resolve(source.relativize(path).toString()));
      }
    }
    return copy;
  }

  private static void replace(Path file, String old, String other) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(old);
    int at = text.indexOf(old);
    Files.writeString(file, text.substring(0, at) + other + text.substring(at + old.length()));
  }
}
