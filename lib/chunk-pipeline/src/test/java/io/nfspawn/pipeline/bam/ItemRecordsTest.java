package io.nfspawn.pipeline.bam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Tool;
import io.nfspawn.transport.wire.Copies;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What samtools reads from the streams that callers are fed. */
@Isolated("counts copies of the whole process")
class ItemRecordsTest {
  @TempDir private Path directory;
  private Path sam;
  private ItemRecords records;

  @BeforeEach
  void readRecords() throws Exception {
    StringBuilder text = new StringBuilder(Samples.header("a", "99", "b:1", "90000"));
    text.append("@RG\tID:1\tSM:é\n@RG\tID:2\tSM:x\n@CO\tLN:90000 stays\n");
    for (int i = 0; i < 2000; i++) {
      text.append(Samples.record("r" + i, 0, "b:1", 20001 + i));
    }
    text.append("mate\t1\tb:1\t22500\t9\t50M\t=\t100\t0\t*\t*\n");
    text.append("far\t1\tb:1\t22501\t9\t50M\ta\t30\t0\t*\t*\n");
    sam = Files.writeString(directory.resolve("reads.sam"), text);
    records = ItemRecords.readBam(bam());
  }

  private ByteBuffer bam() throws Exception {
    return ByteBuffer.wrap(Latin1.bytes(Tool.stdout("samtools view -b --no-PG " + sam)));
  }

  private String view(String options) throws Exception {
    return Tool.stdout("samtools view %s %s".formatted(options, directory.resolve("out.bam")));
  }

  @Test
  void shouldGiveTheSameRecordsAndHeaderWhenWritten() throws Exception {
    try (OutputStream out = Files.newOutputStream(directory.resolve("out.bam"))) {
      records.writeBam(out);
    }
    assertThat(view("-h --no-PG")).isEqualTo(Tool.stdout("samtools view -h --no-PG " + sam));
    Tool.stdout("samtools quickcheck " + directory.resolve("out.bam"));
    assertThat(records.header().samples()).containsExactly("é", "x");
  }

  @Test
  void shouldMoveRecordsAndTheirMatesWhenWrittenAsAWindow() throws Exception {
    try (OutputStream out = Files.newOutputStream(directory.resolve("out.bam"))) {
      records.writeWindowBam(out, 1, 20000, 3000);
    }
    assertThat(view("-H --no-PG"))
        .contains("@SQ\tSN:b:1\tLN:3000\n", "@SQ\tSN:a\tLN:99\n", "@CO\tLN:90000 stays\n");
    String moved = view("");
    assertThat(moved)
        .startsWith("r0\t0\tb:1\t1\t60\t50M\t*\t0\t")
        .contains("mate\t1\tb:1\t2500\t9\t50M\t=\t1\t0\t*\t*\n")
        .contains("far\t1\tb:1\t2501\t9\t50M\ta\t30\t0\t*\t*\n")
        .hasLineCount(2002);
  }

  @Test
  void shouldCopyOnceOnItsWayFromReceivedMemoryToTheCallersPipe() throws Exception {
    ByteBuffer received = bam();
    received = ByteBuffer.allocateDirect(received.remaining()).put(received).flip();
    long before = Copies.bytes();
    ItemRecords read = ItemRecords.readBam(received.asReadOnlyBuffer());
    assertThat(Copies.bytes() - before).as("copied while it was read").isZero();
    try (OutputStream pipe = Files.newOutputStream(directory.resolve("out.bam"))) {
      read.writeWindowBam(pipe, 1, 20000, 3000);
    }
    assertThat(Copies.bytes() - before)
        .isLessThanOrEqualTo(Files.size(directory.resolve("out.bam")));
  }

  @Test
  void shouldSayWhereWhenBamIsDamaged() throws Exception {
    ByteBuffer bam = bam();
    int end = bam.limit();
    assertThatThrownBy(() -> ItemRecords.readBam(bam.duplicate().limit(end - 1)))
        .hasMessage(
            "work item is not a sound BAM stream: no BGZF block at %d of %d bytes"
                .formatted(end - 28, end - 1));
    bam.put(20, (byte) ~bam.get(20));
    assertThatThrownBy(() -> ItemRecords.readBam(bam))
        .hasMessageMatching(
            "work item is not a sound BAM stream: BGZF block at 0 (cannot be inflated|ends"
                + " early|has another checksum than it says)");
  }
}
