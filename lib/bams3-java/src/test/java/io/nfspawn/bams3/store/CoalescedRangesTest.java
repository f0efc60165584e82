package io.nfspawn.bams3.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoalescedRangesTest {

  @Test
  void shouldFetchNeighboursTogetherWhenTheGapIsSmall() {
    List<ByteRange> ranges =
        List.of(new ByteRange(100, 10), new ByteRange(0, 10), new ByteRange(30, 10));
    assertThat(fetched(ranges, 20, 1000)).containsExactly(new ByteRange(0, 40), range(100));
    assertThat(fetched(ranges, 19, 1000)).containsExactly(range(0), range(30), range(100));
    assertThat(fetched(ranges, 60, 1000)).containsExactly(new ByteRange(0, 110));
  }

  @Test
  void shouldNotExceedTheLongestRequestUnlessOneRangeDoes() {
    List<ByteRange> ranges = List.of(range(0), range(10), range(20), new ByteRange(30, 50));
    assertThat(fetched(ranges, 0, 20))
        .containsExactly(new ByteRange(0, 20), range(20), new ByteRange(30, 50));
  }

  @Test
  void shouldCutOverlappingAndShortenedRangesFromOneAnswer() {
    CoalescedRanges coalesced =
        new CoalescedRanges(List.of(new ByteRange(5, 5), new ByteRange(2, 4)), 0, 100);
    byte[][] contents = new byte[2][];
    coalesced.cut(coalesced.groups().get(0), new byte[] {2, 3, 4, 5, 6}, contents);
    assertThat(contents[0]).containsExactly(5, 6);
    assertThat(contents[1]).containsExactly(2, 3, 4, 5);
  }

  private static ByteRange range(long offset) {
    return new ByteRange(offset, 10);
  }

  private static List<ByteRange> fetched(List<ByteRange> ranges, int gapBytes, int maxBytes) {
    return new CoalescedRanges(ranges, gapBytes, maxBytes)
        .groups().stream().map(CoalescedRanges.Group::fetched).toList();
  }
}
