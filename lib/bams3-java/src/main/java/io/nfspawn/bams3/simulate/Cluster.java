package io.nfspawn.bams3.simulate;

/**
 * A spot on the flow cell, which names the reads of one pair.
 *
 * @param layout the flow cell's
 * @param lane from 1
 * @param tile as Illumina numbers them: surface, swath, tile
 * @param x pixels from the tile's edge
 * @param y pixels from the tile's edge
 */
record Cluster(FlowCellLayout layout, int lane, int tile, int x, int y) {
  String readName() {
    return layout.run() + lane + ':' + tile + ':' + x + ':' + y;
  }

  String readGroup() {
    return layout.readGroup(lane);
  }
}
