package io.nfspawn.bams3.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.Samtools;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.store.DirectoryStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forms of input, options and what a conversion leaves. */
class ConversionTest {
  private static final byte[] HEADER = GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate");

  @TempDir Path dir;

  @Test
  void shouldMakeTheSameBytesWhateverTheThreads() throws IOException {
    Path bam =
        new GeneratedBam(9).addRecords(9000).sortByCoordinate().write(dir.resolve("b"), HEADER);
    Map<String, String> one = objects(Datasets.convert(bam, dir.resolve("1"), 1 << 14, 1));
    assertThat(objects(Datasets.convert(bam, dir.resolve("2"), 1 << 14, 2))).isEqualTo(one);
    assertThat(objects(Datasets.convert(bam, dir.resolve("5"), 1 << 14, 5))).isEqualTo(one);
  }

  @Test
  void shouldTakeSamAsSamtoolsDoes() throws IOException {
    GeneratedBam generated = new GeneratedBam(13).addRecords(500);
    Path bam = generated.sortByCoordinate().write(dir.resolve("b.bam"), HEADER);
    Path sam = dir.resolve("b.sam");
    Files.write(sam, Samtools.run("view", "-h", "--no-PG", bam.toString()));
    try (Dataset dataset = Dataset.open(Datasets.convert(sam, dir.resolve("d")))) {
      assertThat(Datasets.uncompressedBam(dataset))
          .isEqualTo(inflated(Samtools.run("view", "-b", "--no-PG", sam.toString())));
    }
    AlignmentInput pipe = AlignmentInput.pipe(Files.newInputStream(sam), null);
    new Conversion(pipe, dir.resolve("p"), WriteOptions.DEFAULT, bytes -> {}).run();
    try (Dataset dataset = Dataset.open(dir.resolve("p"))) {
      assertThat(Datasets.samText(dataset, dataset.query())).isEqualTo(Samtools.view(sam));
    }
  }

  @Test
  void shouldTakeCramAsSamtoolsPrintsIt() throws IOException {
    Path fasta = dir.resolve("ref.fa");
    Files.writeString(fasta, ">c\n" + "ACGTTGCA".repeat(50) + "\n");
    Path sam = dir.resolve("c.sam");
    Files.writeString(
        sam,
        """
        @HD\tVN:1.6\tSO:coordinate
        @SQ\tSN:c\tLN:400
        r1\t0\tc\t1\t9\t8M\t*\t0\t0\tACGTTGCA\tIIIIIIII\tXA:Z:x
        r2\t16\tc\t9\t9\t8M\t*\t0\t0\tACGTAGCA\tIIIIIIII
        u\t4\t*\t0\t0\t*\t*\t0\t0\tNNN\t*
        """);
    Path cram = dir.resolve("c.cram");
    Samtools.run(
        "view", "-C", "--no-PG", "-T", fasta.toString(), "-o", cram.toString(), sam.toString());
    AlignmentInput input = AlignmentInput.file(cram, fasta);
    new Conversion(input, dir.resolve("d"), WriteOptions.DEFAULT, bytes -> {}).run();
    try (Dataset dataset = Dataset.open(dir.resolve("d"))) {
      assertThat(Datasets.samText(dataset, dataset.query()))
          .isEqualTo(
              Samtools.text(
                  "view",
                  "--input-fmt-option",
                  "decode_md=0",
                  "-T",
                  fasta.toString(),
                  cram.toString()));
    }
  }

  @Test
  void shouldReplaceADatasetWhenForced() throws IOException {
    Path first = new GeneratedBam(1).addRecords(10).write(dir.resolve("1.bam"), header());
    Path second = new GeneratedBam(2).addRecords(20).write(dir.resolve("2.bam"), header());
    Path target = Datasets.convert(first, dir.resolve("out/d"));
    WriteOptions force = new WriteOptions(1 << 20, 1, Profile.BALANCED, true);
    new Conversion(AlignmentInput.file(second, null), target, force, bytes -> {}).run();
    try (Dataset dataset = Dataset.open(target)) {
      assertThat(dataset.records()).isEqualTo(20);
    }
    assertThat(target.getParent().toFile().list()).containsExactly("d");
  }

  @Test
  void shouldKeepTheOldDatasetWhenItsReplacementFails() throws IOException {
    Path first = new GeneratedBam(1).addRecords(10).write(dir.resolve("1.bam"), header());
    byte[] whole = Files.readAllBytes(first);
    Path bad = Files.write(dir.resolve("bad.bam"), Arrays.copyOf(whole, whole.length - 28));
    Path target = Datasets.convert(first, dir.resolve("out/d"));
    WriteOptions force = new WriteOptions(1 << 20, 1, Profile.BALANCED, true);
    assertThatThrownBy(
            () -> new Conversion(AlignmentInput.file(bad, null), target, force, b -> {}).run())
        .isInstanceOf(IOException.class);
    try (Dataset dataset = Dataset.open(target)) {
      assertThat(dataset.records()).isEqualTo(10);
    }
    assertThat(target.getParent().toFile().list()).containsExactly("d");
  }

  @Test
  void shouldTellThatAnotherConversionIsUnderWay() throws IOException {
    Path bam = new GeneratedBam(1).addRecords(10).write(dir.resolve("1.bam"), header());
    Path target = dir.resolve("d");
    Path staging = Files.createDirectory(dir.resolve(".d.unfinished"));
    try (FileChannel other =
        FileChannel.open(
            staging.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock();
      assertThatThrownBy(() -> Datasets.convert(bam, target))
          .hasMessage(
              target
                  + ": another conversion to it is under way; wait for it or choose another target");
    }
    Files.writeString(staging.resolve("rest"), "of a killed conversion");
    Datasets.convert(bam, target);
    assertThat(staging).doesNotExist();
    assertThat(target.resolve("rest")).doesNotExist();
  }

  private static byte[] header() {
    return GeneratedBam.header("");
  }

  private static byte[] inflated(byte[] bam) throws IOException {
    return new GZIPInputStream(new java.io.ByteArrayInputStream(bam)).readAllBytes();
  }

  private static Map<String, String> objects(Path dataset) throws IOException {
    Map<String, String> objects = new TreeMap<>();
    try (DirectoryStore store = new DirectoryStore(dataset)) {
      for (String key : store.list("")) {
        byte[] content = store.read(key, 0, (int) store.size(key));
        objects.put(key, new String(content, StandardCharsets.ISO_8859_1));
      }
    }
    return objects;
  }
}
