package io.nfspawn.bams3;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What we write, read by a program that was made from the specification alone. */
@Tag("long")
@Tag("tools")
class PythonReaderTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path READER = Path.of("src/test/python/bams3_reader.py");
  private static final String SORTED = "@HD\tVN:1.6\tSO:coordinate";
  private static final int MUTANTS = 16;

  @TempDir Path dir;

  private record Outcome(int exitCode, String errors) {}

  @BeforeAll
  static void requirePython() throws Exception {
    Process probe =
        new ProcessBuilder(PYTHON, "-c", "import zstandard")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Assumptions.assumeTrue(
        probe.waitFor() == 0, PYTHON + " has no zstandard: apt-get install python3-zstandard");
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void shouldReadEveryByteOfRareThingsWhateverTheProfile(Profile profile) throws Exception {
    GeneratedBam bam = new GeneratedBam(31).addRecords(1500);
    assertRead(bam.sortByCoordinate().write(dir.resolve("in.bam"), header(SORTED)), profile);
  }

  @Test
  void shouldReadEveryByteWhenNotSorted() throws Exception {
    GeneratedBam bam = new GeneratedBam(41).addRecords(800);
    assertRead(bam.write(dir.resolve("in.bam"), header("@HD\tVN:1.6\tSO:queryname")));
  }

  @Test
  void shouldReadEveryByteWhenSortedAtFirst() throws Exception {
    GeneratedBam bam = new GeneratedBam(42).addRecords(500).sortByCoordinate();
    bam.add(bam.records().get(0));
    assertRead(bam.write(dir.resolve("in.bam"), header("")));
  }

  @Test
  void shouldReadNothingWhenThereAreNoRecords() throws Exception {
    assertRead(new GeneratedBam(1).write(dir.resolve("in.bam"), header("")));
  }

  @Test
  void shouldReadEveryByteOfLongCigars() throws Exception {
    GeneratedBam bam = new GeneratedBam(43).addRecords(100);
    bam.add(GeneratedBam.longCigarRecord(0, 1000, 70_000)).sortByCoordinate();
    assertRead(bam.write(dir.resolve("in.bam"), header(SORTED)));
  }

  @Test
  void shouldReadEveryByteOfTheRealSlice() throws Exception {
    Path real =
        Path.of(System.getProperty("spawn.root"), "../shared/data/NA12878")
            .resolve("NA12878.chr20.10mb.bam");
    Assumptions.assumeTrue(Files.exists(real), real + " is not there");
    if (Boolean.getBoolean("spawn.soak")) {
      assertRead(real);
      return;
    }
    Path part = dir.resolve("part.bam");
    Samtools.run("view", "-b", "-o", part.toString(), real.toString(), "chr20:10000000-10008000");
    assertRead(part);
  }

  @Test
  void shouldRefuseAnyChangedByte() throws Exception {
    GeneratedBam bam = new GeneratedBam(44).addRecords(120).sortByCoordinate();
    Path target = convert(bam.write(dir.resolve("in.bam"), header(SORTED)), Profile.BALANCED);
    List<Path> objects;
    try (Stream<Path> all = Files.walk(target)) {
      objects = all.filter(Files::isRegularFile).sorted().toList();
    }
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < MUTANTS; i++) {
      Path object = objects.get(random.nextInt(objects.size()));
      byte[] sound = Files.readAllBytes(object);
      byte[] changed = sound.clone();
      int at = random.nextInt(changed.length);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(object, changed);
      Outcome outcome = read(target);
      assertThat(outcome.exitCode()).as("seed %d: %s byte %d", seed, object, at).isEqualTo(1);
      assertThat(outcome.errors())
          .startsWith("bams3_reader: " + target)
          .doesNotContain("Traceback");
      Files.write(object, sound);
    }
    assertThat(read(target).exitCode()).isZero();
  }

  @Test
  void shouldNameBothVersionsWhenTheDatasetIsNewer() throws Exception {
    Path target =
        convert(new GeneratedBam(1).write(dir.resolve("in.bam"), header("")), Profile.FAST);
    Path manifest = target.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace(
                "\"version\":\"1.0\",\"reader\":\"0.1.0\"",
                "\"version\":\"1.7\",\"reader\":\"9.0\""));

    assertThat(read(target).errors())
        .contains("manifest.json: version 1.7, this program reads 1.0; use nf-spawn 9.0");
  }

  private static byte[] header(String headerLine) {
    return GeneratedBam.header(headerLine);
  }

  private void assertRead(Path input) throws Exception {
    assertRead(input, Profile.BALANCED);
  }

  private void assertRead(Path input, Profile profile) throws Exception {
    Outcome outcome = read(convert(input, profile));
    assertThat(outcome).isEqualTo(new Outcome(0, ""));
    Path out = dir.resolve("out.bam");
    try (GZIPInputStream inflated = new GZIPInputStream(Files.newInputStream(input))) {
      assertThat(out).hasBinaryContent(inflated.readAllBytes());
    }
    assertThat(Samtools.text("view", "-h", "--no-PG", out.toString()))
        .isEqualTo(Samtools.text("view", "-h", "--no-PG", input.toString()));
  }

  private Path convert(Path input, Profile profile) throws IOException {
    Path target = dir.resolve("dataset");
    WriteOptions options = new WriteOptions(1 << 14, 2, profile, true);
    new Conversion(AlignmentInput.file(input, null), target, options, bytes -> {}).run();
    return target;
  }

  private Outcome read(Path dataset) throws Exception {
    Process process =
        new ProcessBuilder(
                PYTHON, READER.toString(), dataset.toString(), dir.resolve("out.bam").toString())
            .redirectErrorStream(true)
            .start();
    String errors = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), errors);
  }
}
