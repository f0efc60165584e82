package io.nfspawn.bams3.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Ranges of one object, the empty ones left out, grouped so that neighbours are fetched by one
 * request: a few bytes too many cost less than another round trip.
 */
public final class CoalescedRanges {

  /**
   * One request and what is cut from it.
   *
   * @param members indices of the ranges that lie in it
   */
  public record Group(ByteRange fetched, List<Integer> members) {}

  private final List<ByteRange> ranges;
  private final List<Group> groups = new ArrayList<>();

  /**
   * @param gapBytes ranges that lie no further apart are fetched together
   * @param maxBytes but no more than this at once; a single longer range stays whole
   */
  public CoalescedRanges(List<ByteRange> ranges, int gapBytes, int maxBytes) {
    this.ranges = ranges;
    Integer[] order = new Integer[ranges.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(i -> ranges.get(i).offset()));
    List<Integer> members = new ArrayList<>();
    long start = 0;
    long end = 0;
    for (int i : order) {
      ByteRange range = ranges.get(i);
      if (range.lengthBytes() == 0) {
        continue; // asks for nothing, and no server would know how to send it
      }
      long widened = Math.max(end, range.end());
      if (!members.isEmpty() && (range.offset() - end > gapBytes || widened - start > maxBytes)) {
        groups.add(new Group(new ByteRange(start, (int) (end - start)), List.copyOf(members)));
        members.clear();
      }
      if (members.isEmpty()) {
        start = range.offset();
        widened = range.end();
      }
      end = widened;
      members.add(i);
    }
    if (!members.isEmpty()) {
      groups.add(new Group(new ByteRange(start, (int) (end - start)), List.copyOf(members)));
    }
  }

  public List<Group> groups() {
    return groups;
  }

  /** Cuts the ranges of a group from what was fetched for it, into their places. */
  public void cut(Group group, byte[] fetched, byte[][] contents) {
    for (int member : group.members()) {
      ByteRange range = ranges.get(member);
      if (range.equals(group.fetched())) {
        contents[member] = fetched;
      } else {
        int from = (int) Math.min(range.offset() - group.fetched().offset(), fetched.length);
        int to = Math.min(from + range.lengthBytes(), fetched.length);
        contents[member] = Arrays.copyOfRange(fetched, from, to);
      }
    }
  }
}
