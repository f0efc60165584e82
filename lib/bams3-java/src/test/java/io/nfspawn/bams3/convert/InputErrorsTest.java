package io.nfspawn.bams3.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.RecordBytes;
import io.nfspawn.bams3.TargetExistsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bad input is told, and that nothing is left behind. */
class InputErrorsTest {
  private static final byte[] HEADER = GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate");

  @TempDir Path dir;
  Path input;
  Path target;

  @BeforeEach
  void names() throws IOException {
    input = dir.resolve("in.bam");
    target = Files.createDirectory(dir.resolve("out")).resolve("d.bams3");
  }

  @AfterEach
  void shouldLeaveNothing() throws IOException {
    try (Stream<Path> left = Files.list(target.getParent())) {
      assertThat(left).as("left beside the target").isEmpty();
    }
  }

  @Test
  void shouldNameAMissingFile() {
    assertFails("there is no such file; check the path");
  }

  @Test
  void shouldNameADirectory() throws IOException {
    Files.createDirectory(input);
    assertFails("is a directory; give a BAM, SAM or CRAM file");
  }

  @Test
  void shouldRefuseAnEmptyFile() throws IOException {
    Files.createFile(input);
    assertFails("is empty; a BAM, SAM or CRAM file is wanted");
  }

  @Test
  void shouldRefuseWhatIsNoAlignmentFile() throws IOException {
    Files.writeString(input, ">chr1\nACGT\n");
    assertFails("is not a BAM, SAM or CRAM file; give an alignment file");
    GeneratedBam.writeBgzf(input, "##fileformat=VCFv4.2\n".getBytes(StandardCharsets.US_ASCII));
    assertFails("is not a BAM, SAM or CRAM file; give an alignment file");
  }

  @Test
  void shouldTellThatTheEndOfFileBlockIsMissing() throws IOException {
    byte[] whole = bam();
    Files.write(input, Arrays.copyOf(whole, whole.length - 28));
    assertFails(
        "is truncated: there is no BGZF end-of-file block after byte %d; get a complete copy, or"
            + " accept the loss with samtools view -b",
        whole.length - 28);
  }

  @Test
  void shouldTellWhereABlockIsCut() throws IOException {
    byte[] whole = bam();
    int lastBlock = lastBlockStart(whole, whole.length - 28);
    Files.write(input, Arrays.copyOf(whole, whole.length - 28 - 10));
    assertFails(
        "is truncated: the BGZF block at byte %d is cut after %d bytes; get a complete copy",
        lastBlock, whole.length - 38 - lastBlock);
  }

  @Test
  void shouldTellThatARecordIsCut() throws IOException {
    byte[] content = new GeneratedBam(1).addRecords(5).sortByCoordinate().uncompressed(HEADER);
    GeneratedBam.writeBgzf(input, Arrays.copyOf(content, content.length - 1));
    assertFails("is truncated: it ends inside record 5; get a complete copy");
  }

  @Test
  void shouldTellThatTheHeaderIsCut() throws IOException {
    GeneratedBam.writeBgzf(input, Arrays.copyOf(HEADER, 50));
    assertFails("is truncated: it ends inside the BAM header");
  }

  @Test
  void shouldTellWhichBlockIsDamaged() throws IOException {
    byte[] whole = bam();
    whole[4000] ^= 1;
    Files.write(input, whole);
    assertThatThrownBy(() -> Datasets.convert(input, target))
        .isInstanceOf(InputException.class)
        .message()
        .matches(
            "\\Q%s\\E: is damaged: the BGZF block at byte 0 (has a wrong checksum|cannot be inflated to the [0-9]+ bytes that it says); get another copy"
                .formatted(input));
  }

  @Test
  void shouldTellThatABlockHasNoHead() throws IOException {
    byte[] whole = bam();
    int second = 1 + ((whole[16] & 0xff) | (whole[17] & 0xff) << 8);
    whole[second] = 0;
    Files.write(input, whole);
    assertFails(
        "is damaged: the BGZF block at byte %d does not start as a block does; get another copy",
        second);
  }

  @Test
  void shouldTellThatARecordIsDamaged() throws IOException {
    byte[] record = new RecordBytes().build();
    record[20] = 127; // says it has 127 bases
    new GeneratedBam(1).add(new RecordBytes().build()).add(record).write(input, HEADER);
    assertFails(
        "record 2 says it needs 229 bytes but has 38: the file is damaged; get another copy");
    RecordBytes astray = new RecordBytes();
    astray.contig = 99;
    new GeneratedBam(1).add(astray.build()).write(input, HEADER);
    assertFails("record 1 lies on contig 99, but the header has 7 contigs: the file is damaged");
    RecordBytes mateAstray = new RecordBytes();
    mateAstray.mateContig = 7;
    new GeneratedBam(1).add(mateAstray.build()).write(input, HEADER);
    assertFails(
        "record 1 has its mate on contig 7, but the header has 7 contigs: the file is damaged");
  }

  @Test
  void shouldTellThatRecordsAreNotInThePromisedOrder() throws IOException {
    RecordBytes late = new RecordBytes();
    late.contig = 0;
    late.start0 = 899;
    RecordBytes early = new RecordBytes();
    early.contig = 0;
    early.start0 = 99;
    new GeneratedBam(1).add(late.build()).add(early.build()).write(input, HEADER);
    assertFails(
        "record 2 (chr1:100) comes after one at chr1:900, but the header says SO:coordinate; sort"
            + " the file with samtools sort");
  }

  @Test
  void shouldPassOnWhatSamtoolsSaysOfBadSam() throws IOException {
    Files.writeString(
        input, "@SQ\tSN:c\tLN:100\nr1\t0\tc\t1\t9\t4M\t*\t0\t0\tACGT\t*\nr2\tbroken\n");
    assertThatThrownBy(() -> Datasets.convert(input, target))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "\\Q%s\\E: samtools could not read it: .*; check the file".formatted(input));
  }

  @Test
  void shouldRefuseATargetThatIsTaken() throws IOException {
    Files.write(input, bam());
    Path taken = dir.resolve("taken");
    Datasets.convert(input, taken);
    assertTaken(taken, ": a dataset is there already; --force replaces it");
    Files.delete(taken.resolve("manifest.json"));
    assertTaken(taken, ": an unfinished conversion is there; --force replaces it");
    Path other = Files.writeString(dir.resolve("notes"), "mine");
    assertTaken(other, ": something that is not a dataset is there; choose another target");
    Path folder = Files.createDirectory(dir.resolve("folder"));
    Files.writeString(folder.resolve("notes"), "mine");
    assertTaken(folder, ": something that is not a dataset is there; choose another target");
    assertThat(folder.resolve("notes")).hasContent("mine");
  }

  private void assertTaken(Path taken, String message) {
    assertThatThrownBy(() -> Datasets.convert(input, taken))
        .isInstanceOf(TargetExistsException.class)
        .hasMessage(taken + message);
  }

  private byte[] bam() throws IOException {
    GeneratedBam bam = new GeneratedBam(5).addRecords(2000).sortByCoordinate();
    return Files.readAllBytes(bam.write(dir.resolve("whole.bam"), HEADER));
  }

  private static int lastBlockStart(byte[] bam, int end) {
    int start = 0;
    for (int at = 0; at < end; ) {
      start = at;
      at += 1 + ((bam[at + 16] & 0xff) | (bam[at + 17] & 0xff) << 8);
    }
    return start;
  }

  private void assertFails(String message, Integer... parts) {
    assertThatThrownBy(() -> Datasets.convert(input, target))
        .isInstanceOf(InputException.class)
        .hasMessage(input + ": " + message.formatted((Object[]) parts));
    assertThat(List.of(target)).noneMatch(Files::exists);
  }
}
