package io.nfspawn.bams3.sort;

import io.nfspawn.bams3.RecordView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several sources as one. Equal keys come from the earlier source first, which keeps the order of
 * the input. A heap of their first records, the next one on top.
 */
final class MergedSource implements SortedSource {
  private final List<SortedSource> all;
  private final SortedSource[] heap;
  private final int[] ranks;
  private int size;
  private boolean started;

  /**
   * @param sources in the order of the input; closed with this
   */
  MergedSource(List<? extends SortedSource> sources) {
    this.all = new ArrayList<>(sources);
    this.heap = new SortedSource[sources.size()];
    this.ranks = new int[sources.size()];
  }

  @Override
  public boolean next() throws IOException {
    if (!started) {
      started = true;
      fill();
    } else if (size > 0) {
      if (!heap[0].next()) {
        size--;
        heap[0] = heap[size];
        ranks[0] = ranks[size];
      }
      sink(0);
    }
    return size > 0;
  }

  private void fill() throws IOException {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).next()) {
        heap[size] = all.get(i);
        ranks[size] = i;
        size++;
      }
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  private void sink(int from) {
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBefore(child + 1, child)) {
        child++;
      }
      if (!isBefore(child, at)) {
        return;
      }
      SortedSource source = heap[at];
      heap[at] = heap[child];
      heap[child] = source;
      int rank = ranks[at];
      ranks[at] = ranks[child];
      ranks[child] = rank;
      at = child;
    }
  }

  private boolean isBefore(int a, int b) {
    long keyA = heap[a].key();
    long keyB = heap[b].key();
    return keyA < keyB || (keyA == keyB && ranks[a] < ranks[b]);
  }

  @Override
  public long key() {
    return heap[0].key();
  }

  @Override
  public RecordView record() {
    return heap[0].record();
  }

  @Override
  public void close() throws IOException {
    for (SortedSource source : all) {
      source.close();
    }
  }
}
