package io.nfspawn.bams3.simulate;

/**
 * A spot on the flow cell, which names the reads of one pair.
 *
 * @param lane from 1
 * @param tile as Illumina numbers them: surface, swath, tile
 * @param x pixels from the tile's edge
 * @param y pixels from the tile's edge
 */
record Cluster(int lane, int tile, int x, int y) {
  static final String FLOWCELL = "H2YT5ADXX";
  static final int LANES = 2;
  private static final String RUN = "D00360:94:" + FLOWCELL + ":";

  String readName() {
    return RUN + lane + ':' + tile + ':' + x + ':' + y;
  }

  static String readGroup(int lane) {
    return FLOWCELL + '.' + lane;
  }

  String readGroup() {
    return readGroup(lane);
  }
}
