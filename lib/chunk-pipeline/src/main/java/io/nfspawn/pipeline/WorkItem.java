package io.nfspawn.pipeline;

import io.nfspawn.bams3.Interval;

/**
 * One unit of calling: the caller sees the padded interval and only its calls with POS in the core
 * are kept.
 *
 * @param id {@code <contig index>:<core start, 0-based>}
 * @param core what this item answers for; cores never overlap
 * @param padded core and pad, cut at the ends of the contig
 */
public record WorkItem(String id, Interval core, Interval padded) {

  public WorkItem {
    if (core.contigIndex() != padded.contigIndex()
        || core.start0() < padded.start0()
        || core.end0() > padded.end0()
        || core.lengthBp() == 0) {
      throw new IllegalArgumentException("core=" + core + " padded=" + padded);
    }
  }

  public static WorkItem of(Interval core, Interval padded) {
    return new WorkItem(core.contigIndex() + ":" + core.start0(), core, padded);
  }

  public int contigIndex() {
    return core.contigIndex();
  }

  /** The core as a user writes it: 1-based, closed. */
  public String coreRegion(String contig) {
    return contig + ":" + (core.start0() + 1) + "-" + core.end0();
  }

  /** The padded interval as a user writes it: 1-based, closed. */
  public String paddedRegion(String contig) {
    return contig + ":" + (padded.start0() + 1) + "-" + padded.end0();
  }
}
