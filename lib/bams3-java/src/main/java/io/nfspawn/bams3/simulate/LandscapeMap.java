package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMSequenceRecord;
import java.util.HashMap;
import java.util.Map;

/**
 * Lays a fitted {@link Landscape} over all contigs, again and again: cut into blocks, which come in
 * another order each time, so that any stretch as long as the slice holds about what the slice
 * held.
 */
final class LandscapeMap {
  /** 6 kb: longer than most stretches in which reads are alike. */
  private static final int BLOCK_WINDOWS = 384;

  static final int BLOCK_BP = BLOCK_WINDOWS * Landscape.WINDOW_BP;

  /** Where reads that differ from the reference differ alike. */
  static final int STRETCH_BP = 256;

  /**
   * A window of the genome.
   *
   * @param window the one of the landscape that lies there
   * @param block number of the block, which tells apart places with the same window
   * @param intoBlockBp from the beginning of the block
   * @param startBp where on the contig the stretch begins that the window is in; below 0 if before
   */
  record Place(int window, long block, int intoBlockBp, int startBp) {
    /** What all reads of this stretch share: the same numbers each time. */
    RandomStream draws(int purpose) {
      return RandomStream.of((block << 8) + purpose, "stretch " + startBp);
    }
  }

  private final Map<String, Long> contigStarts = new HashMap<>();
  private final int blocks;
  private final long key;
  private final int[] order;
  private long round = -1;

  LandscapeMap(Landscape landscape, SAMFileHeader header, long key) {
    blocks = landscape.windows() / BLOCK_WINDOWS;
    this.key = key;
    order = new int[blocks];
    long start = 0;
    for (SAMSequenceRecord contig : header.getSequenceDictionary().getSequences()) {
      contigStarts.put(contig.getSequenceName(), start);
      start += contig.getSequenceLength();
    }
  }

  Place at(ReferenceContig contig, int position) {
    long start = contigStarts.getOrDefault(contig.name(), 0L);
    int intoBlockBp = (int) ((start + position) % BLOCK_BP);
    int startBp = position - intoBlockBp % STRETCH_BP;
    long window = (start + position) / Landscape.WINDOW_BP;
    long block = window / BLOCK_WINDOWS;
    if (block / blocks != round) {
      shuffle(block / blocks);
    }
    int from = order[(int) (block % blocks)] * BLOCK_WINDOWS;
    return new Place(from + (int) (window % BLOCK_WINDOWS), block, intoBlockBp, startBp);
  }

  private void shuffle(long next) {
    RandomStream random = RandomStream.of(key + next, "landscape");
    for (int i = 0; i < blocks; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    round = next;
  }
}
