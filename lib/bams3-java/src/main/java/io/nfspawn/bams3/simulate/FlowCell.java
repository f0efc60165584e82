package io.nfspawn.bams3.simulate;

/** Hands out clusters, none twice and in no order along the genome. Not thread-safe. */
final class FlowCell {
  private static final long STRIDE = 60_631;
  private static final int FIRST_PIXEL = 1_000;

  /** Optical copies lie between two columns, behind the passes over the rows. */
  private static final int COPY_PX = 8;

  private final FlowCellLayout layout;
  private final RandomStream random;
  private final int[] used;

  FlowCell(FlowCellLayout layout, RandomStream random) {
    this.layout = layout;
    this.random = random;
    used = new int[layout.lanes() * layout.tiles()];
  }

  Cluster next() {
    int at = random.nextInt(used.length);
    int count = used[at]++;
    int tile = at % layout.tiles();
    int row = (int) ((count * STRIDE + 40_503L * at) % layout.rows());
    int column = random.nextInt(layout.columns());
    int x = FIRST_PIXEL + column * layout.columnPx() + count / layout.rows();
    return new Cluster(
        layout, 1 + at / layout.tiles(), layout.tileName(tile), x, FIRST_PIXEL + row);
  }

  /** The same molecule seen a second time within a few dozen pixels; once for each cluster. */
  Cluster opticalCopyOf(Cluster cluster) {
    int x = cluster.x() + COPY_PX + layout.columnPx() * random.nextInt(3);
    return new Cluster(layout, cluster.lane(), cluster.tile(), x, cluster.y() + 5);
  }
}
