package io.nfspawn.bams3.simulate;

/** Where clusters can be on a flow cell, and how its reads are named. */
enum FlowCellLayout {
  /** A HiSeq 2500's in rapid mode. */
  DEMO("D00360:94:", "H2YT5ADXX", new int[] {2, 2, 16, 98_317, 1_200, 16}),

  /** The HiSeq 2000's that read NA12878. */
  HISEQ("HSQ1004:134:", "C0D8DACXX", new int[] {4, 3, 8, 198_701, 20_350, 1}),

  /** A NovaSeq 6000's with an S4 flow cell: its coordinates have five digits at most. */
  NOVASEQ("A00684:121:", "HKJ2VDSXX", new int[] {4, 6, 78, 36_353, 31_000, 1});

  private static final int SURFACES = 2;

  /** Passes over the rows that do not meet where columns are this far apart. */
  private static final int PASSES = 8;

  private final String run;
  private final String flowCell;
  private final int lanes;
  private final int swaths;
  private final int tilesASwath;
  private final int rows;
  private final int columns;
  private final int columnPx;

  /**
   * @param run instrument and run, with which names begin
   * @param flowCell id of the flow cell
   * @param sizes lanes, swaths of a surface, tiles of a swath, rows of pixels, columns, and how
   *     many pixels these are apart; rows are a prime, so that a stride through them meets every
   *     one once before the first comes again
   */
  FlowCellLayout(String run, String flowCell, int[] sizes) {
    this.run = run + flowCell + ':';
    this.flowCell = flowCell;
    lanes = sizes[0];
    swaths = sizes[1];
    tilesASwath = sizes[2];
    rows = sizes[3];
    columns = sizes[4];
    columnPx = sizes[5];
  }

  /** What the names of all reads begin with. */
  String run() {
    return run;
  }

  int lanes() {
    return lanes;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  int columnPx() {
    return columnPx;
  }

  /** Of one lane. */
  int tiles() {
    return SURFACES * swaths * tilesASwath;
  }

  /** As Illumina numbers them: surface, swath, tile. */
  int tileName(int tile) {
    return 1_000 * (1 + tile / (swaths * tilesASwath))
        + 100 * (1 + tile / tilesASwath % swaths)
        + 1
        + tile % tilesASwath;
  }

  /** How many clusters there are at least. */
  long capacity() {
    return (long) rows * (columnPx < PASSES ? 1 : PASSES) * tiles() * lanes / 2;
  }

  String readGroup(int lane) {
    return flowCell + '.' + lane;
  }
}
