package io.nfspawn.bams3.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.Samtools;
import io.nfspawn.bams3.WriteOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SAM, SAM in BGZF, BAM and CRAM, by name and by pipe: told apart by their first bytes. */
class InputFormsTest {
  private static final long[] WIDTHS = {
    0,
    -1,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    4294967295L,
    -128,
    -129,
    -32768,
    -32769,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE
  };

  @TempDir Path dir;
  Path fasta;
  Path sam;

  @BeforeEach
  void writeSam() throws IOException {
    fasta = dir.resolve("ref.fa");
    Files.writeString(fasta, ">c\n" + "ACGTTGCA".repeat(50) + "\n");
    StringBuilder text = new StringBuilder("@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:c\tLN:400\n");
    text.append("@RG\tID:a\tSM:s\n@CO\ttab\there \u00e9\n");
    for (int i = 0; i < WIDTHS.length; i++) {
      text.append("r%d\t0\tc\t%d\t9\t8M\t=\t5\t-7\tACGTTGCA\tIIIIIIII".formatted(i, 8 * i + 1));
      text.append("\tXi:i:%d\tXB:B:S,1,65535\tXf:f:1.25\tXA:A:q\tRG:Z:a\n".formatted(WIDTHS[i]));
    }
    text.append("u\t4\t*\t0\t0\t*\t*\t0\t0\tNRY=\t*\tXH:H:1AFF\n");
    sam = Files.writeString(dir.resolve("in.sam"), text);
  }

  @Test
  void shouldMakeOfSamWhatSamtoolsViewMakes() throws IOException {
    byte[] expected = inflated(Samtools.run("view", "-b", "--no-PG", sam.toString()));
    assertThat(converted(AlignmentInput.file(sam, null))).isEqualTo(expected);
    assertThat(converted(AlignmentInput.pipe(Files.newInputStream(sam), null))).isEqualTo(expected);
    Path zipped = GeneratedBam.writeBgzf(dir.resolve("in.sam.gz"), Files.readAllBytes(sam));
    assertThat(converted(AlignmentInput.file(zipped, null))).isEqualTo(expected);
    assertThat(converted(AlignmentInput.pipe(Files.newInputStream(zipped), null)))
        .isEqualTo(expected);
  }

  @Test
  void shouldTakeBamByNameAndPipe() throws IOException {
    Path bam = dir.resolve("misleading.sam");
    Files.write(bam, Samtools.run("view", "-b", "--no-PG", sam.toString()));
    byte[] expected = inflated(Files.readAllBytes(bam));
    assertThat(converted(AlignmentInput.file(bam, null))).isEqualTo(expected);
    assertThat(converted(AlignmentInput.pipe(Files.newInputStream(bam), null))).isEqualTo(expected);
  }

  @Test
  void shouldTakeCramByNameAndPipe() throws IOException {
    Path cram = cram();
    byte[] expected =
        inflated(
            Samtools.run(
                "view",
                "-b",
                "--no-PG",
                "--input-fmt-option",
                "decode_md=0",
                "-T",
                fasta.toString(),
                cram.toString()));
    assertThat(converted(AlignmentInput.file(cram, fasta))).isEqualTo(expected);
    assertThat(converted(AlignmentInput.pipe(Files.newInputStream(cram), fasta)))
        .isEqualTo(expected);
  }

  @Test
  void shouldSayThatTheReferenceIsMissingOrWrong() throws IOException {
    Path cram = cram();
    Path none = dir.resolve("none.fa");
    assertThatThrownBy(() -> converted(AlignmentInput.file(cram, none)))
        .isInstanceOf(InputException.class)
        .hasMessage(cram + ": its reference " + none + " is not there; check --reference");
    Path other = dir.resolve("other.fa");
    Files.writeString(other, ">c\n" + "TTTTTTTT".repeat(50) + "\n");
    assertThatThrownBy(() -> converted(AlignmentInput.file(cram, other)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(cram + ": samtools could not read it: ");
    assertThat(dir.resolve("d")).doesNotExist();
  }

  private Path cram() throws IOException {
    Path cram = dir.resolve("in.cram");
    Samtools.run(
        "view", "-C", "--no-PG", "-T", fasta.toString(), "-o", cram.toString(), sam.toString());
    return cram;
  }

  /** The dataset's BAM stream, inflated. */
  private byte[] converted(AlignmentInput input) throws IOException {
    Path target = dir.resolve("d");
    WriteOptions defaults = WriteOptions.DEFAULT;
    WriteOptions options =
        new WriteOptions(defaults.spanBp(), defaults.threads(), defaults.profile(), true);
    new Conversion(input, target, options, bytes -> {}).run();
    try (Dataset dataset = Dataset.open(target)) {
      return Datasets.uncompressedBam(dataset);
    }
  }

  private static byte[] inflated(byte[] bam) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(bam)).readAllBytes();
  }
}
