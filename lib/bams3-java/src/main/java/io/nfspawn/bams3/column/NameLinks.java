package io.nfspawn.bams3.column;

import io.nfspawn.bams3.RecordView;
import java.util.Arrays;

/**
 * Finds records of the same name in a page, and among them pairs whose mate fields say exactly what
 * the other record shows.
 */
final class NameLinks {
  /** How many records of one name are looked at for a partner. */
  private static final int MAX_STEPS = 4;

  private int[] newest = new int[1 << 12];
  private int[] hashes = {};

  /** The record before in the same bucket, or -1. */
  private int[] chain = {};

  private byte[] bytes = {};

  void find(PageTable table, byte[] records) {
    bytes = records;
    int buckets = Math.max(1 << 12, Integer.highestOneBit(table.records) << 1);
    if (newest.length < buckets) {
      newest = new int[buckets];
    }
    Arrays.fill(newest, -1);
    if (chain.length < table.records) {
      chain = new int[table.start.length];
      hashes = new int[table.start.length];
    }
    int mask = newest.length - 1;
    for (int i = 0; i < table.records; i++) {
      int hash = hash(table, i);
      hashes[i] = hash;
      table.link[i] = 0;
      table.kind[i] =
          table.mateContig[i] == -1 && table.matePos[i] == -1
              ? PageTable.NO_MATE
              : PageTable.EXPLICIT;
      link(table, i, newest[hash & mask]);
      chain[i] = newest[hash & mask];
      newest[hash & mask] = i;
    }
  }

  private void link(PageTable table, int record, int candidate) {
    int nearest = -1;
    int steps = 0;
    for (int other = candidate; other >= 0 && steps < MAX_STEPS; other = chain[other]) {
      if (hashes[other] != hashes[record] || !sameName(table, record, other)) {
        continue;
      }
      steps++;
      nearest = nearest < 0 ? other : nearest;
      if (arePartners(table, record, other)) {
        // the partner's own link would say that its partner comes before it
        table.link[other] = 0;
        table.link[record] = record - other;
        table.kind[record] = PageTable.PARTNER;
        table.kind[other] = PageTable.PARTNER;
        table.partner[record] = other;
        table.partner[other] = record;
        return;
      }
    }
    if (nearest >= 0) {
      table.link[record] = record - nearest;
    }
  }

  private static boolean arePartners(PageTable table, int a, int b) {
    return table.kind[a] == PageTable.EXPLICIT
        && table.kind[b] == PageTable.EXPLICIT
        && table.contig[a] == table.contig[b]
        && table.mateContig[a] == table.contig[b]
        && table.mateContig[b] == table.contig[a]
        && table.matePos[a] == table.pos[b]
        && table.matePos[b] == table.pos[a];
  }

  private boolean sameName(PageTable table, int a, int b) {
    int at = table.start[a] + RecordView.FIXED_BYTES;
    int other = table.start[b] + RecordView.FIXED_BYTES;
    return Arrays.equals(
        bytes, at, at + table.nameBytes[a], bytes, other, other + table.nameBytes[b]);
  }

  /** Most names differ in their last letters. */
  private int hash(PageTable table, int record) {
    int at = table.start[record] + RecordView.FIXED_BYTES;
    int end = at + table.nameBytes[record];
    int hash = 0;
    for (int i = Math.max(at, end - 24); i < end; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash ^ (hash >>> 15);
  }
}
