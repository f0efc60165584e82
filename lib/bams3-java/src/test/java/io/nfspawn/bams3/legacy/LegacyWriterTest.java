package io.nfspawn.bams3.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.RecordBytes;
import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Version 0.2 as written for the old tools, read back by our own reader of it. */
class LegacyWriterTest {
  private static final List<String> CONTIGS = List.of("chr1", "HLA-A*01:01", "chr2");

  @TempDir Path dir;

  @Test
  void shouldLoseOnlyWhatTheVersionCannotHold() throws IOException {
    String head =
        """
        @HD\tVN:1.6\tSO:coordinate
        @SQ\tSN:chr1\tLN:300000\tM5:abc
        @SQ\tSN:HLA-A*01:01\tLN:300000
        @SQ\tSN:chr2\tLN:300000
        @RG\tID:a\tSM:one
        @CO\twith\ta tab
        """;
    String read = "%s\t%d\t%s\t%d\t%d\t%s\t%s\t%d\t%d\t%s\t%s%s%n";
    Path sam = dir.resolve("in.sam");
    Files.writeString(
        sam,
        head
            + read.formatted(
                "a",
                99,
                "chr1",
                1,
                60,
                "2M1D2M",
                "=",
                70,
                71,
                "ARGT",
                "IIII",
                "\tNM:i:-7\tXF:f:1e6")
            + read.formatted(
                "b", 0, "chr2", 300000, 1, "4M", "*", 0, 0, "NNNN", "*", "\tXB:B:S,1,2\tXH:H:0A")
            + read.formatted("c", 4, "*", 0, 0, "*", "*", 0, 0, "*", "*", "\tXZ:Z:\tXA:A:q"));
    Path target = convert(sam, dir.resolve("old"), false);
    assertThat(LegacyDatasetTest.text(target))
        .isEqualTo(
            head
                + read.formatted(
                    "a",
                    99,
                    "chr1",
                    1,
                    60,
                    "2M1D2M",
                    "*",
                    0,
                    0,
                    "ANGT",
                    "IIII",
                    "\tNM:Z:-7\tXF:Z:1e+06")
                + read.formatted(
                    "b",
                    0,
                    "chr2",
                    300000,
                    1,
                    "4M",
                    "*",
                    0,
                    0,
                    "NNNN",
                    "*",
                    "\tXB:Z:S:[1 2]\tXH:Z:3041")
                + read.formatted("c", 4, "*", 0, 0, "*", "*", 0, 0, "*", "*", "\tXZ:Z:\tXA:Z:q"));
    try (Stream<Path> tree = Files.walk(target)) {
      assertThat(tree.filter(Files::isRegularFile).map(file -> target.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "_header.json",
              "_index/spatial.json",
              "_metadata.json",
              "data/chr1/000000000-001048576.chunk",
              "data/chr2/000000000-001048576.chunk",
              "data/unmapped.chunk");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1000000,1e+06",
    "999999.5,999999.5",
    "1e20,1e+20",
    "0.0001,0.0001",
    "0.00001234,1.234e-05",
    "-0,-0",
    "1e-45,1e-45",
    "16777216,1.6777216e+07",
    "0.1,0.1",
    "NaN,NaN",
    "-Infinity,-Inf"
  })
  void shouldPrintNumbersAsTheOldToolDoes(String value, String printed) {
    assertThat(GoText.single(Float.parseFloat(value))).isEqualTo(printed);
  }

  @Test
  void shouldRefuseWhatTheVersionCannotHold() throws IOException {
    RecordBytes onHla = at(1, 10);
    onHla.name = "x";
    assertRefused(
        "record 1 lies on HLA-A*01:01, a name that format 0.2 cannot hold; write the current"
            + " format instead",
        onHla);
    RecordBytes longRead = at(0, 10);
    longRead.bases = new byte[65_536];
    assertRefused(
        "record 2 has 65536 bases; format 0.2 counts to 65535: write the current format instead",
        at(0, 1),
        longRead);
    assertRefused(
        "record 2 is not in coordinate order, which format 0.2 needs; add --sort to sort on the way",
        at(0, 10),
        at(0, 9));
    assertRefused(
        "record 2 is not in coordinate order, which format 0.2 needs; add --sort to sort on the way",
        at(-1, -1),
        at(0, 9));
  }

  @Test
  void shouldReplaceOnlyWhenForced() throws IOException {
    Path bam = bam(at(0, 5));
    Path target = convert(bam, dir.resolve("old"), false);
    assertThatThrownBy(() -> convert(bam, target, false))
        .isInstanceOf(TargetExistsException.class)
        .hasMessage(target + ": a dataset is there already; --force replaces it");
    Path more = bam(at(0, 5), at(0, 6));
    convert(more, target, true);
    assertThat(LegacyDatasetTest.text(target).lines().filter(l -> !l.startsWith("@"))).hasSize(2);
    Path notes = Files.createDirectories(dir.resolve("notes"));
    assertThatThrownBy(() -> convert(bam, notes, true))
        .hasMessage(notes + ": something that is not a dataset is there; choose another target");
    Files.createDirectories(dir.resolve(".new.unfinished"));
    Files.writeString(dir.resolve(".new.unfinished/rest"), "of a killed conversion");
    assertThat(convert(bam, dir.resolve("new"), false).resolve("rest")).doesNotExist();
    assertThat(dir).isDirectoryNotContaining("glob:**.{unfinished,replaced}");
  }

  private static RecordBytes at(int contig, int start0) {
    RecordBytes record = new RecordBytes();
    record.contig = contig;
    record.start0 = start0;
    record.bases = new byte[] {1};
    return record;
  }

  private Path bam(RecordBytes... records) throws IOException {
    GeneratedBam bam = new GeneratedBam(1);
    Stream.of(records).forEach(record -> bam.add(record.build()));
    return bam.write(
        dir.resolve(records.length + ".bam"), GeneratedBam.header("@HD\tVN:1.6\n", CONTIGS));
  }

  private void assertRefused(String message, RecordBytes... records) throws IOException {
    Path bam = bam(records);
    assertThatThrownBy(() -> convert(bam, dir.resolve("refused"), false))
        .isInstanceOf(InputException.class)
        .hasMessage(bam + ": " + message);
    assertThat(dir).isDirectoryNotContaining("glob:**refused*");
  }

  private static Path convert(Path input, Path target, boolean replace) throws IOException {
    WriteOptions options = new WriteOptions(1 << 20, 1, Profile.BALANCED, replace);
    Conversion.toLegacy(AlignmentInput.file(input, null), target, options, bytes -> {}).run();
    return target;
  }
}
