package io.nfspawn.bams3.store.s3;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;

/** Lets so many requests run at a time; the others wait in order, without a thread. Thread-safe. */
final class Turns {
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int free;

  Turns(int atATime) {
    this.free = atATime;
  }

  /**
   * @param start sends the request; not on a thread of the network once others are under way, for
   *     it may have to fetch new credentials
   * @param end when the next one may start
   */
  void start(Runnable start, CompletableFuture<?> end) {
    Runnable turn =
        () -> {
          start.run();
          CompletableFuture<?> unused = end.whenComplete((value, e) -> next());
        };
    synchronized (this) {
      if (free == 0) {
        waiting.add(turn);
        return;
      }
      free--;
    }
    turn.run();
  }

  private void next() {
    Runnable turn;
    synchronized (this) {
      turn = waiting.poll();
      if (turn == null) {
        free++;
        return;
      }
    }
    ForkJoinPool.commonPool().execute(turn);
  }
}
