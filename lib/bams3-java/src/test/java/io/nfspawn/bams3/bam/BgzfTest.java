package io.nfspawn.bams3.bam;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Samtools;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.codec.deflate.DeflateLibrary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of many runs, with records across their borders and longer than one of them. */
class BgzfTest {
  private static final byte[] HEADER = GeneratedBam.header("");

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 9})
  void shouldGiveBackRecordsAcrossRuns(int level) throws IOException {
    GeneratedBam bam = new GeneratedBam(41).addRecords(1500);
    bam.add(GeneratedBam.longCigarRecord(0, 1, 200_000));
    bam.addRecords(1500);
    byte[] content = bam.uncompressed(HEADER);
    byte[] bgzf = deflate(content, level, null);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(bgzf)).readAllBytes())
        .isEqualTo(content);
    try (Workers workers = new Workers("test", 2)) {
      assertThat(deflate(content, level, workers)).isEqualTo(bgzf);
      BgzfInput in = new BgzfInput(new ByteArrayInputStream(bgzf), "test", workers);
      assertThat(gathered(new BamRecords(in, "test"))).isEqualTo(content);
      assertThat(in.compressedBytes()).isEqualTo(bgzf.length);
    }
  }

  @Test
  void shouldTakeManySmallBlocks() throws IOException {
    GeneratedBam bam = new GeneratedBam(42).addRecords(1000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] content = bam.uncompressed(HEADER);
    for (int at = 0; at < content.length; at += 100) {
      byte[] block = deflate(content, at, Math.min(100, content.length - at));
      out.write(block, 0, block.length - 28);
    }
    out.writeBytes(deflate(content, 0, 0));
    try (Workers workers = new Workers("test", 1)) {
      BgzfInput in = new BgzfInput(new ByteArrayInputStream(out.toByteArray()), "test", workers);
      assertThat(gathered(new BamRecords(in, "test"))).isEqualTo(content);
    }
  }

  @Test
  void shouldBoundWhatARunInflatesTo() throws IOException {
    byte[] content = new byte[8 << 20]; // 64 KiB become less than 100 bytes
    for (int i = 0; i < content.length; i += 50_000) {
      content[i] = (byte) (i / 50_000);
    }
    ByteArrayOutputStream inflated = new ByteArrayOutputStream();
    try (Workers workers = new Workers("test", 2)) {
      BgzfInput in =
          new BgzfInput(new ByteArrayInputStream(deflate(content, 6, null)), "test", workers);
      for (InflatedRun run = in.next(); run != null; run = in.next()) {
        int bytes = run.end() - InflatedRun.HEADROOM_BYTES;
        assertThat(bytes).isLessThan(BgzfInput.RUN_INFLATED_BYTES + BgzfInput.MAX_BLOCK_BYTES);
        inflated.write(run.bytes(), InflatedRun.HEADROOM_BYTES, bytes);
        in.giveBack(run);
      }
    }
    assertThat(inflated.toByteArray()).isEqualTo(content);
  }

  @Test
  void shouldDeflateAboutAsSmallAsSamtools() throws IOException {
    Path bam = new GeneratedBam(43).addRecords(4000).write(dir.resolve("b.bam"), HEADER);
    for (int level : new int[] {1, 6, 9}) {
      byte[] theirs = Samtools.run("view", "-b", "-l", "" + level, "--no-PG", bam.toString());
      byte[] content = new GZIPInputStream(new ByteArrayInputStream(theirs)).readAllBytes();
      assertThat(deflate(content, level, null).length)
          .as("level %d by %s", level, DeflateLibrary.best().name())
          .isBetween(theirs.length * 90 / 100, theirs.length * 110 / 100);
    }
  }

  private static byte[] gathered(BamRecords records) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(records.header().bytes());
    RecordView view = new RecordView();
    while (records.next(view)) {
      view.writeTo(all);
    }
    return all.toByteArray();
  }

  private static byte[] deflate(byte[] content, int level, Workers workers) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BgzfOutput bgzf = new BgzfOutput(out, level, workers)) {
      bgzf.write(content);
      bgzf.finish();
    }
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] content, int at, int length) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BgzfOutput bgzf = new BgzfOutput(out, 1)) {
      bgzf.write(content, at, length);
      bgzf.finish();
    }
    return out.toByteArray();
  }
}
