package io.nfspawn.pipeline.bam;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Tool;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What samtools reads from the streams that callers are fed. */
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
    records = ItemRecords.readBam(Latin1.bytes(Tool.stdout("samtools view -b --no-PG " + sam)));
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
}
