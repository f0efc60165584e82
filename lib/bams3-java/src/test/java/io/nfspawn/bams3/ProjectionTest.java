package io.nfspawn.bams3;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.store.CountingStore;
import io.nfspawn.bams3.store.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries that want some fields, or records with some flags: right, and no more fetched. */
class ProjectionTest {
  private static final long SEED = 8;
  private static final Path GOLDEN = Path.of("src/test/resources/golden/1.0/ordinary.bam");

  @TempDir static Path dir;
  private static Path odd;
  private static Path ordinary;
  private static Path mateScores;

  @BeforeAll
  static void convert() throws IOException {
    Path bam =
        new GeneratedBam(SEED)
            .addRecords(1500)
            .add(GeneratedBam.longCigarRecord(0, 40_000, 70_000))
            .sortByCoordinate()
            .write(dir.resolve("odd.bam"), GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
    odd = Datasets.convert(bam, dir.resolve("odd"));
    ordinary = Datasets.convert(GOLDEN, dir.resolve("ordinary"));
    Path byName = dir.resolve("name.bam");
    Samtools.run("sort", "-n", "-o", byName.toString(), GOLDEN.toString());
    Path mates = dir.resolve("mates.bam");
    Samtools.run("fixmate", "-m", byName.toString(), mates.toString());
    Path sorted = dir.resolve("mates.sorted.bam");
    Samtools.run("sort", "-o", sorted.toString(), mates.toString());
    mateScores = Datasets.convert(sorted, dir.resolve("mates"));
  }

  @Test
  void shouldGiveEverySetOfFieldsAsTheWholeRecordHasThem() throws IOException {
    for (Path place : List.of(odd, ordinary, mateScores)) {
      try (Dataset dataset = Dataset.open(place)) {
        List<RecordView> whole = copies(dataset, Query.ALL);
        for (int set = 0; set < 1 << Field.values().length; set++) {
          int count = Integer.bitCount(set);
          if (count > 2 && count < 6) {
            continue; // what depends on each other are pairs
          }
          Field[] fields = fields(set);
          List<RecordView> some = copies(dataset, Query.ALL.only(fields));
          assertThat(some).hasSameSizeAs(whole);
          for (int i = 0; i < whole.size(); i++) {
            assertSame(whole.get(i), some.get(i), fields);
          }
        }
      }
    }
  }

  private static Field[] fields(int set) {
    return Arrays.stream(Field.values())
        .filter(field -> (set >> field.ordinal() & 1) != 0)
        .toArray(Field[]::new);
  }

  private static List<RecordView> copies(Dataset dataset, Query query) throws IOException {
    List<RecordView> copies = new ArrayList<>();
    try (RecordCursor records = dataset.query(query)) {
      while (records.next()) {
        copies.add(records.record().copy());
      }
    }
    return copies;
  }

  private static void assertSame(RecordView whole, RecordView some, Field[] fields) {
    boolean same =
        some.problem().isEmpty()
            && some.flag() == whole.flag()
            && some.contigIndex() == whole.contigIndex()
            && some.start0() == whole.start0();
    assertThat(same).as("flag and place of %s, fields %s", whole.name(), List.of(fields)).isTrue();
    for (Field field : fields) {
      if (!Arrays.equals(part(some, field), part(whole, field))) {
        assertThat(part(some, field))
            .as("%s of %s, fields %s", field, whole.name(), List.of(fields))
            .isEqualTo(part(whole, field));
      }
    }
  }

  private static byte[] part(RecordView record, Field field) {
    byte[] bytes = record.buffer();
    int end = record.offset() + record.lengthBytes();
    return switch (field) {
      case NAME -> record.name().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
      case MAPQ -> new byte[] {(byte) record.mapq()};
      case CIGAR ->
          Arrays.copyOfRange(
              bytes, record.cigarOffset(), record.cigarOffset() + 4 * record.cigarOperations());
      case MATE -> Arrays.copyOfRange(bytes, record.offset() + 24, record.offset() + 36);
      case BASES -> Arrays.copyOfRange(bytes, record.basesOffset(), record.qualitiesOffset());
      case QUALITIES -> Arrays.copyOfRange(bytes, record.qualitiesOffset(), record.tagsOffset());
      case TAGS -> Arrays.copyOfRange(bytes, record.tagsOffset(), end);
    };
  }

  @Test
  void shouldLeaveOutWhatWasNotAskedFor() throws IOException {
    try (Dataset dataset = Dataset.open(ordinary)) {
      for (RecordView record : copies(dataset, Query.ALL.only(Field.QUALITIES))) {
        assertThat(record.name()).isEqualTo("*");
        assertThat(record.mapq()).isZero();
        assertThat(record.cigarOperations()).isZero();
        assertThat(record.mateContigIndex()).isEqualTo(-1);
        assertThat(record.readLengthBp()).isPositive();
        assertThat(record.buffer()[record.basesOffset()]).isEqualTo((byte) 0xff); // two N
        assertThat(record.tagsOffset()).isEqualTo(record.lengthBytes());
      }
    }
  }

  @Test
  void shouldFetchOnlyTheColumnsAskedFor() throws IOException {
    long whole = bytesOf(ordinary, Query.ALL);
    long core = bytesOf(ordinary, Query.ALL.only());
    long names = bytesOf(ordinary, Query.ALL.only(Field.NAME));
    long bases = bytesOf(ordinary, Query.ALL.only(Field.BASES));
    long qualities = bytesOf(ordinary, Query.ALL.only(Field.QUALITIES));
    long tags = bytesOf(ordinary, Query.ALL.only(Field.TAGS));
    assertThat(core).isLessThan(whole / 8);
    assertThat(bytesOf(ordinary, Query.ALL.only(Field.CIGAR, Field.MAPQ, Field.MATE)))
        .isEqualTo(core);
    assertThat(names).isBetween(core + 1, whole / 5);
    assertThat(bases).isBetween(core + 1, whole / 5);
    assertThat(tags).isBetween(bases + 1, whole / 4);
    assertThat(qualities).isBetween(whole / 2, whole * 19 / 20);
    assertThat(names + bases + qualities - 2 * core).isLessThan(whole);
  }

  /** Bytes that a query reads, manifest and directories not counted. */
  private static long bytesOf(Path place, Query query) throws IOException {
    CountingStore store = new CountingStore(new DirectoryStore(place), 1);
    try (Dataset dataset = Dataset.open(store)) {
      for (ChunkInfo chunk : dataset.chunks()) {
        if (chunk.contigIndex() >= 0) {
          dataset.pages(chunk);
        }
      }
      long before = store.readBytes();
      copies(dataset, query);
      return store.readBytes() - before;
    }
  }

  @Test
  void shouldSkipPagesByTheirFlags() throws IOException {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      RecordBytes record = new RecordBytes();
      record.name = "r" + i;
      record.contig = 0;
      record.start0 = i * 10;
      record.cigar = new int[] {RecordBytes.op(50, 'M')};
      record.bases = new byte[50];
      Arrays.fill(record.bases, (byte) (1 << (i & 3)));
      // the second half is of one kind
      record.flag = i < 10_000 ? i % 2 * RecordView.DUPLICATE : RecordView.DUPLICATE;
      records.add(record.build());
    }
    GeneratedBam generated = new GeneratedBam(1);
    records.forEach(generated::add);
    Path bam = generated.write(dir.resolve("flags.bam"), GeneratedBam.header(""));
    Path place = Datasets.convert(bam, dir.resolve("flags"), 1 << 20, 2);
    long whole = bytesOf(place, Query.ALL);
    assertThat(bytesOf(place, Query.ALL.excluding(RecordView.DUPLICATE)))
        .isLessThan(whole * 6 / 10);
    assertThat(bytesOf(place, Query.ALL.requiring(RecordView.SECONDARY))).isZero();
    try (Dataset dataset = Dataset.open(place)) {
      assertThat(copies(dataset, Query.ALL.excluding(RecordView.DUPLICATE))).hasSize(5000);
      assertThat(copies(dataset, Query.ALL.requiring(RecordView.DUPLICATE))).hasSize(15_000);
    }
  }

  @Test
  void shouldEqualSamtoolsWhenChoosingByFlagsAndQuality() throws IOException {
    Path bam = dir.resolve("odd.bam");
    try (Dataset dataset = Dataset.open(odd)) {
      int[][] masks = {{0x1, 0x4}, {0x4, 0}, {0, 0x904}, {0x10, 0x400}, {0xc0, 0}, {0, 0xfff}};
      for (int[] mask : masks) {
        Query query = Query.ALL.requiring(mask[0]).excluding(mask[1]).withMapqFrom(30);
        String expected =
            Samtools.text(
                "view", "-f", "" + mask[0], "-F", "" + mask[1], "-q", "30", bam.toString());
        assertThat(Datasets.samText(dataset, dataset.query(query))).isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldNotTouchOtherColumnsThanThoseAskedFor() throws IOException {
    Path place = Datasets.convert(GOLDEN, dir.resolve("spoiled"));
    List<String> names = names(place);
    try (Dataset dataset = Dataset.open(place)) {
      for (ChunkInfo chunk : dataset.chunks()) {
        Path file = place.resolve(chunk.key());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1; // in the qualities, which are most of it
        Files.write(file, bytes);
      }
    }
    assertThat(names(place)).isEqualTo(names);
  }

  private static List<String> names(Path place) throws IOException {
    try (Dataset dataset = Dataset.open(place)) {
      return copies(dataset, Query.ALL.only(Field.NAME)).stream().map(RecordView::name).toList();
    }
  }
}
