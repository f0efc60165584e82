package io.nfspawn.bams3.htsjdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import htsjdk.samtools.QueryInterval;
import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.SamReader;
import htsjdk.samtools.SamReaderFactory;
import htsjdk.samtools.ValidationStringency;
import htsjdk.samtools.util.CloseableIterator;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Samtools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset behaves as the BAM file it came from. */
class SamReadersTest {
  @TempDir static Path dir;
  private static SamReader file;
  private static Dataset dataset;
  private static SamReader reader;

  @BeforeAll
  static void open() throws Exception {
    Path generated =
        new GeneratedBam(21)
            .addRecords(600)
            .sortByCoordinate()
            .write(dir.resolve("any.bam"), GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
    Path bam = dir.resolve("a.bam");
    // htsjdk refuses a name that starts with a star
    String rename =
        "samtools view -h '%s' | sed 's/[*]star/star/' | samtools view -b --no-PG -o '%s' -"
            .formatted(generated, bam);
    assertThat(new ProcessBuilder("bash", "-c", rename).start().waitFor()).isZero();
    Samtools.run("index", bam.toString());
    file =
        SamReaderFactory.makeDefault()
            .validationStringency(ValidationStringency.SILENT)
            .open(bam.toFile());
    dataset = Dataset.open(Datasets.convert(bam, dir.resolve("a.bams3")));
    reader = SamReaders.open(dataset, ValidationStringency.SILENT);
  }

  @AfterAll
  static void close() throws IOException {
    reader.close();
    dataset.close();
    file.close();
  }

  @Test
  void shouldGiveTheHeaderAndAllRecords() {
    assertThat(reader.getFileHeader()).isEqualTo(file.getFileHeader());
    assertThat(text(reader.iterator())).isEqualTo(text(file.iterator())).hasSize(600);
    assertThat(reader.hasIndex()).isTrue();
    assertThat(reader.getResourceDescription()).isEqualTo(dir.resolve("a.bams3").toString());
  }

  @Test
  void shouldGiveWhatOverlapsWhatIsContainedWhatStartsAndWhatIsUnplaced() {
    QueryInterval[] intervals = {
      new QueryInterval(0, 10_000, 90_000), new QueryInterval(2, 5_000, -1)
    };
    assertThat(text(reader.queryOverlapping(intervals)))
        .isEqualTo(text(file.queryOverlapping(intervals)))
        .isNotEmpty();
    assertThat(text(reader.queryContained(intervals)))
        .isEqualTo(text(file.queryContained(intervals)))
        .isNotEmpty();
    SAMRecord first = reader.iterator().next();
    String contig = first.getReferenceName();
    int start = first.getAlignmentStart();
    assertThat(text(reader.queryAlignmentStart(contig, start)))
        .isEqualTo(text(file.queryAlignmentStart(contig, start)))
        .isNotEmpty();
    assertThat(text(reader.queryUnmapped())).isEqualTo(text(file.queryUnmapped())).isNotEmpty();
  }

  @Test
  void shouldStreamRecordsOfACursor() throws IOException {
    try (Stream<SAMRecord> records =
        SamReaders.stream(dataset.query(), SamReaders.header(dataset))) {
      assertThat(records.map(SAMRecord::getReadName).toList())
          .isEqualTo(
              text(file.iterator()).stream()
                  .map(line -> line.substring(0, line.indexOf('\t')))
                  .toList());
    }
  }

  @Test
  void shouldSayThatThereIsNoIndexOfAFile() {
    assertThatThrownBy(() -> reader.indexing().getIndex())
        .hasMessage(dir.resolve("a.bams3") + ": a dataset has no BAM index; use the query methods");
  }

  private static List<String> text(CloseableIterator<SAMRecord> records) {
    try (records) {
      return records.stream().map(SAMRecord::getSAMString).collect(Collectors.toList());
    }
  }
}
