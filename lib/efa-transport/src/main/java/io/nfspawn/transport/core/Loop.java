package io.nfspawn.transport.core;

import io.nfspawn.transport.RegisteredBuffer;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What streams ask of the thread that runs their channel. */
interface Loop {

  /** Runs {@code action} on the channel's thread, soon; at once when that has ended. */
  void execute(Runnable action);

  /** Makes the channel's thread look for work. */
  void wakeUp();

  /**
   * One turn of the channel on this thread, unless another runs it at the moment: for threads that
   * have just given it, or taken from it, so much that it should not wait. False when there was
   * none. The caller holds no monitor.
   */
  default boolean help() {
    return false;
  }

  /** Counts what a waiting thread waits for. */
  interface News {
    int count();
  }

  /**
   * Runs the channel on this thread until {@code of} has counted on from {@code seen}: true. False
   * when another thread runs it or nothing happens for long, so that the caller should sleep until
   * it is told. The caller holds no monitor.
   */
  default boolean await(News of, int seen, long untilNanos) throws InterruptedException {
    return false;
  }

  /** As {@link io.nfspawn.transport.wire.Wire#lease}. */
  default @Nullable RegisteredBuffer lease(ByteBuffer memory) {
    return null;
  }

  long nowNanos();

  /**
   * Dials {@code rank}, and tells {@code stream} when it stands or that the member is gone; only by
   * the channel's thread.
   */
  void dial(int rank, Stream stream);

  /** True when {@code rank} was lost or has left, and is not back; only by the channel's thread. */
  boolean isGone(int rank);

  /**
   * Dials {@code rank} though it is gone, for it may have been started again; every stream is told
   * when it stands. Only by the channel's thread.
   */
  void seek(int rank);

  void unregister(int streamId, Stream stream);

  /** Names members for a message: rank, role and host. */
  String describe(Collection<Integer> ranks);

  /** As the other, with what happened to each. */
  default String describe(Map<Integer, String> reasons) {
    StringBuilder text = new StringBuilder();
    reasons.forEach(
        (rank, reason) ->
            text.append(text.isEmpty() ? "" : "; ")
                .append(describe(List.of(rank)))
                .append(": ")
                .append(reason));
    return text.toString();
  }
}
