package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.Samtools;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reference that is given makes datasets smaller, never different records. */
class ReferenceTest {
  @TempDir static Path dir;
  private static Path fasta;
  private static Path withoutMd;

  @BeforeAll
  static void simulate() throws IOException {
    Path simulated = dir.resolve("simulated");
    assertThat(
            Bams3Command.run(
                "simulate", "--out", simulated.toString(), "--length", "40000", "--seed", "5"))
        .isZero();
    fasta = simulated.resolve("reference.fa");
    withoutMd = dir.resolve("in.bam");
    Samtools.run(
        "view",
        "-b",
        "--no-PG",
        "-x",
        "MD",
        "-o",
        withoutMd.toString(),
        simulated.resolve("sample.bam").toString());
  }

  private static Path convert(String name, @Nullable Path reference, int threads)
      throws IOException {
    Path target = dir.resolve(name);
    WriteOptions options = new WriteOptions(1 << 14, threads, Profile.BALANCED, false, reference);
    new Conversion(AlignmentInput.file(withoutMd, null), target, options, bytes -> {}).run();
    return target;
  }

  private static long size(Dataset dataset) {
    return dataset.chunks().stream().mapToLong(ChunkInfo::sizeBytes).sum();
  }

  @Test
  void shouldBeSmallerAndTheSameRecords() throws IOException {
    byte[] input =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(withoutMd))).readAllBytes();
    try (Dataset without = Dataset.open(convert("without", null, 2));
        Dataset with = Dataset.open(convert("with", fasta, 2))) {
      assertThat(size(with)).isLessThan(size(without));
      assertThat(Datasets.uncompressedBam(with)).isEqualTo(input);
      assertThat(Datasets.uncompressedBam(without)).isEqualTo(input);
    }
  }

  @Test
  void shouldGiveTheSameBytesWhateverTheThreadsAndTheFormOfTheReference() throws IOException {
    Path compressed = dir.resolve("packed.fa.gz");
    Files.write(compressed, new byte[0]);
    try (var out = Files.newOutputStream(compressed);
        var bgzf = new io.nfspawn.bams3.bam.BgzfOutput(out, 6)) {
      bgzf.write(Files.readAllBytes(fasta));
      bgzf.finish();
    }
    Samtools.run("faidx", compressed.toString());
    Path bare = Files.copy(fasta, dir.resolve("bare.fa")); // without index
    try (Dataset one = Dataset.open(convert("one", fasta, 1));
        Dataset two = Dataset.open(convert("two", compressed, 3));
        Dataset three = Dataset.open(convert("three", bare, 2))) {
      assertThat(two.digest()).isEqualTo(one.digest());
      assertThat(three.digest()).isEqualTo(one.digest());
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAReference() throws IOException {
    Path none = dir.resolve("none.fa");
    assertThatThrownBy(() -> convert("a", none, 1))
        .isInstanceOf(InputException.class)
        .hasMessage(none + ": there is no such reference; check --reference");
    Path other = Files.writeString(dir.resolve("other.fa"), ">chrX\nACGT\n");
    assertThatThrownBy(() -> convert("b", other, 1))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            other + ": has no contig with name and length of one in the header, such as chr")
        .hasMessageEndingWith("; give the reference that the reads were aligned to");
    Path packed = Files.write(dir.resolve("unindexed.fa.gz"), new byte[] {0x1f, (byte) 0x8b});
    assertThatThrownBy(() -> convert("c", packed, 1))
        .isInstanceOf(InputException.class)
        .hasMessage(packed + ": is compressed and has no index; run samtools faidx on it");
    assertThat(dir.resolve("a")).doesNotExist();
    assertThat(dir.resolve(".b.unfinished")).doesNotExist();
  }
}
