package io.nfspawn.bams3;

/** What a dataset is written for. Every reader reads all of them. */
public enum Profile {
  /** Quick to write and read: qualities as zstd packs them. */
  FAST(2048, 1),
  /** Half the size of BAM at more than its speed. */
  BALANCED(2048, 3),
  /** Smaller still, for what is kept long and read rarely: large pages, finer models. */
  SMALL(8192, 9);

  private final int pageRecords;
  private final int zstdLevel;

  Profile(int pageRecords, int zstdLevel) {
    this.pageRecords = pageRecords;
    this.zstdLevel = zstdLevel;
  }

  /** Records a page has at most. */
  public int pageRecords() {
    return pageRecords;
  }

  public int zstdLevel() {
    return zstdLevel;
  }
}
