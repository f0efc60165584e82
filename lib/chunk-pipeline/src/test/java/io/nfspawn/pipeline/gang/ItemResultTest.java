package io.nfspawn.pipeline.gang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Interval;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemResultTest {
  private static final ItemResult RESULT =
      new ItemResult(
          "rank 2",
          3,
          "bcftools 1.16",
          "bcftools mpileup -f \"x\" | bcftools call -mv",
          "#CHROM\n\u00c3\u00a9\t1\n",
          List.of(new Interval(0, 5, 9), new Interval(7, 0, Integer.MAX_VALUE)));

  @Test
  void shouldComeBackWhenEncoded() {
    assertThat(ItemResult.decode(RESULT.encode())).isEqualTo(RESULT);
  }

  @Test
  void shouldSayWhatToDoWhenItIsOfAnotherVersion() {
    ByteBuffer bytes = RESULT.encode();
    bytes.put(0, (byte) 2);
    assertThatThrownBy(() -> ItemResult.decode(bytes))
        .hasMessage(
            "result of version 2, this program reads 1; run every member of the gang with the same"
                + " release");
  }
}
