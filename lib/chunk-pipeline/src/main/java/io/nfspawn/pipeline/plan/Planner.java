package io.nfspawn.pipeline.plan;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.PageInfo;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.caller.Callers;
import io.nfspawn.pipeline.reference.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes plans. Reads only the dataset's manifest and the directories of its chunks, no record; so
 * it takes seconds where calling takes hours, and every fault it finds costs nothing.
 */
public final class Planner {
  private static final int AUTO_ITEMS_PER_WORKER = 8;
  private static final int AUTO_MIN_SPAN_BP = 64 << 10;
  private static final int AUTO_MAX_SPAN_BP = 1 << 20;

  private Planner() {}

  /**
   * @throws PipelineException for everything a user can get wrong, before any work
   */
  public static Plan plan(Dataset dataset, Reference reference, PlanRequest request)
      throws IOException {
    Callers.check(request.caller(), request.callerArguments());
    if (!dataset.isCoordinateSorted()) {
      throw new PipelineException(
          "dataset "
              + dataset.place()
              + " is not coordinate sorted, so it has no regions to call; sort the"
              + " alignments (samtools sort) and convert them again");
    }
    List<Contig> contigs = dataset.contigs();
    List<Interval> regions = regions(request, contigs);
    ReferenceCheck.check(contigs, neededContigs(dataset, request, regions), reference);
    List<PageInfo> pages = pages(dataset);
    int spanBp = request.spanBp().orElseGet(() -> autoSpanBp(pages, regions, request.workers()));
    ItemGrid grid = new ItemGrid(spanBp, request.padBp());
    pages.forEach(grid::add);
    pages.forEach(grid::addSpan);
    List<WorkItem> items = grid.items(contigs, regions);
    String pad = request.padBp().isPresent() ? "" + request.padBp().getAsInt() : "auto";
    return Plan.sealed(
        request.sample(),
        dataset.digest(),
        reference(reference),
        new Plan.Calling(request.caller(), request.callerArguments(), spanBp, pad),
        contigs,
        items);
  }

  /** What a plan remembers of a reference, to know it again. */
  public static Plan.PlannedReference reference(Reference reference) throws IOException {
    return new Plan.PlannedReference(
        reference.realPath().toString(), reference.sizeBytes(), Sha256.hex(reference.indexBytes()));
  }

  private static List<Interval> regions(PlanRequest request, List<Contig> contigs) {
    return request.regions() == null
        ? contigs.stream().filter(c -> c.lengthBp() > 0).map(Contig::interval).toList()
        : BedRegions.read(request.regions(), contigs);
  }

  private static Set<Integer> neededContigs(
      Dataset dataset, PlanRequest request, List<Interval> regions) {
    Set<Integer> needed = new HashSet<>();
    for (Counts.ContigCount count : dataset.counts().contigs()) {
      if (count.mapped() > 0) {
        needed.add(count.contigIndex());
      }
    }
    if (request.regions() != null) {
      regions.forEach(region -> needed.add(region.contigIndex()));
    }
    return needed;
  }

  private static List<PageInfo> pages(Dataset dataset) throws IOException {
    List<PageInfo> pages = new ArrayList<>();
    for (ChunkInfo chunk : dataset.chunks()) {
      if (chunk.contigIndex() >= 0) {
        pages.addAll(dataset.pages(chunk));
      }
    }
    return pages;
  }

  /** At least eight items a worker, so that the last ones end at about the same time. */
  private static int autoSpanBp(List<PageInfo> pages, List<Interval> regions, int workers) {
    long covered = 0;
    int next = 0;
    for (Interval extent : BedRegions.joined(pages.stream().map(PageInfo::extent).toList())) {
      while (next < regions.size()
          && regions.get(next).compareTo(extent) < 0
          && !regions.get(next).overlaps(extent)) {
        next++;
      }
      for (int i = next; i < regions.size() && regions.get(i).overlaps(extent); i++) {
        Interval region = regions.get(i);
        covered +=
            Math.min(region.end0(), extent.end0()) - Math.max(region.start0(), extent.start0());
      }
    }
    long share = Math.max(1, covered / ((long) AUTO_ITEMS_PER_WORKER * workers));
    return (int) Math.max(AUTO_MIN_SPAN_BP, Math.min(AUTO_MAX_SPAN_BP, Long.highestOneBit(share)));
  }
}
