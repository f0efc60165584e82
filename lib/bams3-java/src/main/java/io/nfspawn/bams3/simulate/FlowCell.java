package io.nfspawn.bams3.simulate;

/** Hands out clusters, none twice and in no order along the genome. Not thread-safe. */
final class FlowCell {
  private static final int SURFACES = 2;
  private static final int SWATHS = 2;
  private static final int TILES_A_SWATH = 16;
  private static final int TILES = SURFACES * SWATHS * TILES_A_SWATH;

  /** Prime, so that a stride through it meets every row once before the first comes again. */
  private static final int ROWS = 98_317;

  private static final long STRIDE = 60_631;
  private static final int FIRST_PIXEL = 1_000;
  private static final int COLUMNS = 1_200;

  /** Columns are this far apart; the pass over the rows and optical copies lie between them. */
  private static final int COLUMN_PX = 16;

  private static final int PASSES = 8;

  /** How many clusters a flow cell holds at least. */
  static final long CAPACITY = (long) ROWS * PASSES * TILES * Cluster.LANES / 2;

  private final RandomStream random;
  private final int[] used = new int[Cluster.LANES * TILES];

  FlowCell(RandomStream random) {
    this.random = random;
  }

  Cluster next() {
    int at = random.nextInt(used.length);
    int count = used[at]++;
    int tile = at % TILES;
    int name =
        1_000 * (1 + tile / (SWATHS * TILES_A_SWATH))
            + 100 * (1 + tile / TILES_A_SWATH % SWATHS)
            + 1
            + tile % TILES_A_SWATH;
    int row = (int) ((count * STRIDE + 40_503L * at) % ROWS);
    int x = FIRST_PIXEL + random.nextInt(COLUMNS) * COLUMN_PX + count / ROWS;
    return new Cluster(1 + at / TILES, name, x, FIRST_PIXEL + row);
  }

  /** The same molecule seen a second time within a few dozen pixels; once for each cluster. */
  Cluster opticalCopyOf(Cluster cluster) {
    int x = cluster.x() + PASSES + COLUMN_PX * random.nextInt(3);
    return new Cluster(cluster.lane(), cluster.tile(), x, cluster.y() + 5);
  }
}
