package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.RecordBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A header of a million contigs and few reads, in processes of 512 MiB of heap. */
@Tag("long")
@Tag("tools")
class MillionContigsTest {
  private static final int CONTIGS = 1_000_000;

  @TempDir Path dir;

  @Test
  void shouldConvertQueryAndGiveBack() throws Exception {
    byte[] bam = bam();
    Path input = GeneratedBam.writeBgzf(dir.resolve("in.bam"), bam);
    Path dataset = dir.resolve("d.bams3");
    run("convert", input.toString(), dataset.toString());
    assertThat(run("query", dataset.toString(), "contig999999:1-1000").out())
        .startsWith("read9\t0\tcontig999999\t901\t");
    Path back = dir.resolve("back.bam");
    run("to-bam", dataset.toString(), back.toString());
    assertThat(inflated(back)).isEqualTo(bam);
  }

  private static CommandRun run(String... arguments) throws IOException, InterruptedException {
    CommandRun run = CommandRun.withHeap("512m", arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static byte[] bam() {
    StringBuilder text = new StringBuilder("@HD\tVN:1.6\tSO:coordinate\n");
    List<String> contigs = new ArrayList<>(CONTIGS);
    for (int i = 0; i < CONTIGS; i++) {
      contigs.add("contig" + i);
      text.append("@SQ\tSN:contig").append(i).append("\tLN:");
      text.append(GeneratedBam.CONTIG_BP).append('\n');
    }
    GeneratedBam generated = new GeneratedBam(1);
    for (int i = 0; i < 10; i++) {
      RecordBytes record = new RecordBytes();
      record.name = "read" + i;
      record.contig = (i + 1) * (CONTIGS / 10) - 1;
      record.start0 = 100 * i;
      record.cigar = new int[] {RecordBytes.op(4, 'M')};
      record.bases = new byte[] {1, 2, 4, 8};
      generated.add(record.build());
    }
    return generated.uncompressed(GeneratedBam.header(text.toString(), contigs));
  }

  private static byte[] inflated(Path bam) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(bam))).readAllBytes();
  }
}
