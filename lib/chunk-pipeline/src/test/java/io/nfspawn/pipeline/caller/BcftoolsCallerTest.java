package io.nfspawn.pipeline.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Interval;
import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.Na12878;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.Tool;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.ItemRecords;
import io.nfspawn.pipeline.reference.Reference;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("long")
@Tag("tools")
class BcftoolsCallerTest {
  private static final int CHR20 = 20;
  private static final int FIRST = 9_999_900;
  private static final int LAST = 10_100_100;

  @ParameterizedTest
  @ValueSource(ints = {4096})
  void shouldGiveTheSequentialRecordsWhenCalledInItems(int spanBp) throws Exception {
    String expected =
        Tool.body(
            Tool.stdout(
                "bcftools mpileup -f %s %s | bcftools call -mv"
                    .formatted(Na12878.reference(), Na12878.bam())));
    StringBuilder body = new StringBuilder();
    try (Scratch scratch = Scratch.open("test");
        Reference reference = Reference.open(Na12878.reference(), scratch);
        Caller caller =
            new BcftoolsCaller(
                reference, CallerArguments.parse(""), new ResultNames("NA12878", "ref"), scratch)) {
      for (int start = FIRST / spanBp * spanBp; start < LAST; start += spanBp) {
        Interval core = new Interval(CHR20, start, start + spanBp);
        Interval padded = new Interval(CHR20, start - 500, start + spanBp + 500);
        WorkItem item = WorkItem.of(core, padded);
        String bam =
            Tool.stdout(
                "samtools view -u %s %s".formatted(Na12878.bam(), item.paddedRegion("chr20")));
        body.append(
            caller.call(item, ItemRecords.readBam(ByteBuffer.wrap(Latin1.bytes(bam)))).body());
      }
    }
    assertThat(expected.lines().count()).isEqualTo(250);
    assertThat(body).hasToString(expected);
  }
}
