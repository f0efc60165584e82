package io.nfspawn.bams3.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.DatasetOpenException;
import io.nfspawn.bams3.DatasetOpenException.Reason;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of datasets that are not whole. */
class DatasetErrorsTest {
  private static final String REMEDY = "; restore it from a copy or run bams3 convert again";

  @TempDir Path dir;
  Path dataset;
  Path chunk;

  @BeforeEach
  void convert() throws IOException {
    Path bam =
        new GeneratedBam(6)
            .addRecords(900)
            .sortByCoordinate()
            .write(dir.resolve("in.bam"), GeneratedBam.header(""));
    dataset = Datasets.convert(bam, dir.resolve("d"), 1 << 20, 1);
    chunk = dataset.resolve("data/2/0-0.b3c");
  }

  @Test
  void shouldTellWhyThereIsNoDataset() throws IOException {
    assertOpenFails(
        dir.resolve("none"),
        Reason.MISSING,
        ": there is no such dataset; make one with bams3 convert");
    assertOpenFails(
        dir.resolve("in.bam"),
        Reason.NOT_A_DATASET,
        ": is a file, not a dataset; make one of it with bams3 convert");
    Path empty = Files.createDirectory(dir.resolve("empty"));
    assertOpenFails(
        empty, Reason.NOT_A_DATASET, ": is not a dataset: there is no manifest.json in it");
    Files.writeString(empty.resolve("_metadata.json"), "{}");
    assertOpenFails(
        empty,
        Reason.OTHER_VERSION,
        ": is a dataset of version 0.1 or 0.2, this bams3 reads 1.0; convert the BAM it came from or,"
            + " without it, use bams3 upgrade");
    Files.delete(dataset.resolve("manifest.json"));
    assertOpenFails(
        dataset,
        Reason.UNFINISHED,
        ": is an unfinished conversion (it has no manifest); run bams3 convert again");
  }

  @Test
  void shouldRefuseANewerVersion() throws IOException {
    Path manifest = dataset.resolve("manifest.json");
    Files.writeString(
        manifest, "{\"format\":\"bams3\",\"version\":\"2.0\",\"reader\":\"3.1.4\",\"new\":[1,2]}");
    assertOpenFails(
        dataset,
        Reason.OTHER_VERSION,
        ": is a dataset of version 2.0, this bams3 reads 1.0; use nf-spawn 3.1.4 or newer");
  }

  @Test
  void shouldRefuseTheProvisionalVersion() throws IOException {
    Path manifest = dataset.resolve("manifest.json");
    Files.writeString(
        manifest,
        "{\"format\":\"bams3\",\"version\":\"0.9\",\"provisional\":true,\"span\":1048576}");
    assertOpenFails(
        dataset,
        Reason.OTHER_VERSION,
        ": is a dataset of the provisional version 0.9, which no release reads; convert the BAM it"
            + " came from");
  }

  @Test
  void shouldNameADamagedManifest() throws IOException {
    Path manifest = dataset.resolve("manifest.json");
    String content = Files.readString(manifest);
    Files.writeString(manifest, content.replaceFirst("\"records\":900", "\"records\":901"));
    assertCorrupt("manifest.json", "has a wrong checksum or is cut");
    Files.writeString(manifest, content.substring(0, content.length() - 5));
    assertCorrupt("manifest.json", "has a wrong checksum or is cut");
    Files.writeString(manifest, "not json");
    assertCorrupt("manifest.json", "is not JSON");
  }

  /** A manifest is material from elsewhere: it must not name what lies outside of its dataset. */
  @Test
  void shouldRefuseASealedManifestThatNamesAnotherObject() throws IOException {
    Path manifest = dataset.resolve("manifest.json");
    String content = Files.readString(manifest).replace("data/2/0-0.b3c", "../../secret");
    content = content.substring(0, content.lastIndexOf(ManifestWriter.SEAL));
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    String digest = Digests.sha256Hex(bytes, bytes.length);
    Files.writeString(manifest, content + ManifestWriter.SEAL + digest + ManifestWriter.END);
    assertThatThrownBy(this::readAll)
        .isInstanceOf(CorruptDatasetException.class)
        .hasMessageContaining("chunk data/2/0-0.b3c has the key ../../secret");
  }

  @Test
  void shouldNameADamagedOrMissingHeader() throws IOException {
    StringBuilder text = new StringBuilder("@HD\tVN:1.6\n");
    Random random = new Random(1);
    for (int i = 0; i < 40_000; i++) {
      text.append("@CO\t").append(Long.toHexString(random.nextLong())).append('\n');
    }
    Path bam =
        new GeneratedBam(6)
            .write(dir.resolve("h.bam"), GeneratedBam.header(text.toString(), List.of()));
    dataset = Datasets.convert(bam, dir.resolve("h"), 1 << 20, 1);
    Path header = dataset.resolve("header.zst");
    byte[] bytes = Files.readAllBytes(header);
    bytes[1000] ^= 1;
    Files.write(header, bytes);
    assertCorrupt("header.zst", "has a wrong checksum or is cut");
    bytes[0] ^= 1;
    Files.write(header, bytes);
    assertCorrupt("header.zst", "has a header that zstd rejects");
    Files.delete(header);
    assertCorrupt("header.zst", "is missing");
  }

  @Test
  void shouldNameAMissingChunk() throws IOException {
    Files.delete(chunk);
    assertCorrupt("data/2/0-0.b3c", "is missing");
  }

  @Test
  void shouldNameACutChunk() throws IOException {
    byte[] bytes = Files.readAllBytes(chunk);
    Files.write(chunk, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    assertCorrupt(
        "data/2/0-0.b3c",
        "has %d bytes, the manifest says %d".formatted(bytes.length - 1, bytes.length));
  }

  @Test
  void shouldNameAChunkWithAWrongChecksum() throws IOException {
    byte[] bytes = Files.readAllBytes(chunk);
    bytes[20] ^= 1;
    Files.write(chunk, bytes);
    String page = "has a page at byte 8 with a wrong checksum of its header";
    assertThatThrownBy(this::readAll).hasMessage(message("data/2/0-0.b3c", page));
    assertThatThrownBy(this::verify).hasMessage(message("data/2/0-0.b3c", "has a wrong SHA-256"));
    bytes[20] ^= 1;
    bytes[2000] ^= 1;
    Files.write(chunk, bytes);
    assertThatThrownBy(this::readAll)
        .isInstanceOf(CorruptDatasetException.class)
        .hasMessageMatching(
            "\\Q%s\\E: object data/2/0-0.b3c has a page at byte 8 whose column [A-Z_0-9. ]+ has a wrong checksum\\Q%s\\E"
                .formatted(dataset, REMEDY));
  }

  @Test
  void shouldNoticeASwappedChunk() throws IOException {
    Files.copy(
        dataset.resolve("data/3/0-0.b3c"),
        chunk,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(this::readAll)
        .isInstanceOf(CorruptDatasetException.class)
        .hasMessageContaining("data/2/0-0.b3c");
  }

  private void assertOpenFails(Path place, Reason reason, String message) {
    assertThatThrownBy(() -> Dataset.open(place))
        .isInstanceOfSatisfying(
            DatasetOpenException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessage(place + message);
  }

  private void assertCorrupt(String object, String problem) {
    assertThatThrownBy(this::readAll)
        .isInstanceOfSatisfying(
            CorruptDatasetException.class, e -> assertThat(e.object()).isEqualTo(object))
        .hasMessage(message(object, problem));
    assertThatThrownBy(this::verify).hasMessage(message(object, problem));
  }

  private String message(String object, String problem) {
    return dataset + ": object " + object + " " + problem + REMEDY;
  }

  private String readAll() throws IOException {
    try (Dataset opened = Dataset.open(dataset)) {
      return Datasets.samText(opened, opened.query());
    }
  }

  private void verify() throws IOException {
    try (DatasetReader opened = DatasetReader.open(dataset)) {
      new Verification(opened, records -> {}).run();
    }
  }
}
