package io.nfspawn.bams3.sort;

import io.nfspawn.bams3.RecordView;

/** What is still in memory when the input ends. */
final class ArenaSource implements SortedSource {
  private final RecordArena arena;
  private final RecordView view = new RecordView();
  private int rank = -1;

  ArenaSource(RecordArena arena) {
    this.arena = arena;
  }

  @Override
  public boolean next() {
    if (rank + 1 >= arena.count()) {
      return false;
    }
    rank++;
    arena.moveTo(rank, view);
    return true;
  }

  @Override
  public long key() {
    return arena.key(rank);
  }

  @Override
  public RecordView record() {
    return view;
  }

  @Override
  public void close() {}
}
