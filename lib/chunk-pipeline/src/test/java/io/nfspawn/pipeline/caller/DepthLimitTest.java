package io.nfspawn.pipeline.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Interval;
import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Tool;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.ItemRecords;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DepthLimitTest {
  private static final DepthLimit TWO = new DepthLimit(2, DepthLimit.Filter.DEFAULT);
  private static final WorkItem ITEM =
      WorkItem.of(new Interval(0, 100, 400), new Interval(0, 0, 500));

  @TempDir private Path directory;

  @Test
  void shouldFindNothingWhenDepthStaysAtTheLimit() throws Exception {
    assertThat(TWO.passedIn(ITEM, records(0, 201, 0, 201, 0, 252))).isEmpty();
  }

  @Test
  void shouldReachToTheEndOfEveryReadInvolvedWhenDepthPassesTheLimit() throws Exception {
    // the third read begins while two others are held
    assertThat(TWO.passedIn(ITEM, records(0, 201, 0, 211, 0, 221)))
        .containsExactly(new Interval(0, 220, 270));
  }

  @Test
  void shouldCutAtTheCoreWhenItGoesBeyond() throws Exception {
    assertThat(TWO.passedIn(ITEM, records(0, 71, 0, 81, 0, 91)))
        .containsExactly(new Interval(0, 100, 140));
  }

  @Test
  void shouldNotCountReadsThatTheCallerSkips() throws Exception {
    int[] flags = {0x400, 201, 0x100, 201, 0x200, 201, 0x1, 201, 0, 201, 0, 201};
    assertThat(TWO.passedIn(ITEM, records(flags))).isEmpty();
    assertThat(new DepthLimit(2, DepthLimit.Filter.WITH_ORPHANS).passedIn(ITEM, records(flags)))
        .isEqualTo(List.of(new Interval(0, 200, 250)));
  }

  private ItemRecords records(int... flagsAndPositions) throws Exception {
    StringBuilder sam = new StringBuilder(Samples.header("a", "1000"));
    for (int i = 0; i < flagsAndPositions.length; i += 2) {
      sam.append(Samples.record("r" + i, flagsAndPositions[i], "a", flagsAndPositions[i + 1]));
    }
    Path file = directory.resolve("reads.sam");
    Files.writeString(file, sam);
    return ItemRecords.readBam(
        ByteBuffer.wrap(Latin1.bytes(Tool.stdout("samtools view -b " + file))));
  }
}
