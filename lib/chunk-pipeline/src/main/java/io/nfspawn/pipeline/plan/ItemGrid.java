package io.nfspawn.pipeline.plan;

import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.PageInfo;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.WorkItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Cuts contigs into cells of one length, counted from base 0, so that an item's id says the same
 * whatever else is planned; keeps the cells where records lie, and cuts those by the regions.
 */
final class ItemGrid {
  /** Bases of pad at least: indel candidates and BAQ look that far with room to spare. */
  static final int MIN_PAD_BP = 500;

  private static final int MAX_ITEMS = 10_000_000;

  private final int spanBp;
  private final OptionalInt padBp;

  /** Longest reference span of a record in or near a cell that has records, by first base. */
  private final TreeMap<Interval, Integer> longestSpanBp = new TreeMap<>();

  ItemGrid(int spanBp, OptionalInt padBp) {
    this.spanBp = spanBp;
    this.padBp = padBp;
  }

  /** Takes note of where some records lie. */
  void add(PageInfo page) {
    Interval extent = page.extent();
    for (long cell = extent.start0() / spanBp; cell * spanBp < extent.end0(); cell++) {
      longestSpanBp.merge(cell(extent.contigIndex(), cell), 0, Math::max);
      if (longestSpanBp.size() > MAX_ITEMS) {
        throw new PipelineException(
            "--chunk-span "
                + spanBp
                + " would make more than "
                + MAX_ITEMS
                + " work items; choose a longer one, such as 64K");
      }
    }
  }

  /** Lets records count for the pad of cells around them; after every {@link #add}. */
  void addSpan(PageInfo page) {
    Interval extent = page.extent();
    long first = Math.max(0, extent.start0() - MIN_PAD_BP) / spanBp;
    for (long cell = first; cell * spanBp < (long) extent.end0() + MIN_PAD_BP; cell++) {
      longestSpanBp.computeIfPresent(
          cell(extent.contigIndex(), cell),
          (key, longest) -> Math.max(longest, page.maxReferenceSpanBp()));
    }
  }

  private Interval cell(int contigIndex, long number) {
    long start = number * spanBp;
    return new Interval(
        contigIndex, (int) start, (int) Math.min(start + spanBp, Integer.MAX_VALUE));
  }

  /**
   * @param regions sorted, disjoint; what lies outside of them is not called
   */
  List<WorkItem> items(List<Contig> contigs, List<Interval> regions) {
    List<WorkItem> items = new ArrayList<>();
    int next = 0;
    for (Map.Entry<Interval, Integer> entry : longestSpanBp.entrySet()) {
      Interval cell = entry.getKey();
      while (next < regions.size() && isBefore(regions.get(next), cell)) {
        next++;
      }
      for (int i = next; i < regions.size() && regions.get(i).overlaps(cell); i++) {
        Interval region = regions.get(i);
        Interval core =
            new Interval(
                cell.contigIndex(),
                Math.max(cell.start0(), region.start0()),
                Math.min(cell.end0(), region.end0()));
        items.add(WorkItem.of(core, padded(core, entry.getValue(), contigs)));
      }
    }
    return items;
  }

  private static boolean isBefore(Interval region, Interval cell) {
    return region.contigIndex() < cell.contigIndex()
        || (region.contigIndex() == cell.contigIndex() && region.end0() <= cell.start0());
  }

  private Interval padded(Interval core, int longestSpan, List<Contig> contigs) {
    long pad = padBp.isPresent() ? padBp.getAsInt() : Math.max(MIN_PAD_BP, 2L * longestSpan);
    return new Interval(
        core.contigIndex(),
        (int) Math.max(0, core.start0() - pad),
        (int) Math.min(contigs.get(core.contigIndex()).lengthBp(), core.end0() + pad));
  }
}
