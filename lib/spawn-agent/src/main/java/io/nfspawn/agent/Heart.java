package io.nfspawn.agent;

import io.nfspawn.protocol.MonotonicClock;
import io.nfspawn.protocol.RoleThreads;
import io.nfspawn.protocol.wire.Heartbeat;
import io.nfspawn.protocol.wire.Welcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends heartbeats and watches the lease that their answers renew; calls {@code onLeaseOver} once
 * when it runs out. Thread-safe.
 */
final class Heart implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(new RoleThreads("agent-heart"));
  private final MonotonicClock clock;
  private final IntSupplier runningTasks;
  private final Consumer<Heartbeat> send;
  private final Runnable onLeaseOver;
  private final Lease lease;
  private final Deque<Sent> unanswered = new ArrayDeque<>();
  private long sequence;
  private @Nullable ScheduledFuture<?> nextLook;
  private boolean over;

  private record Sent(long sequence, long atNanos) {}

  /**
   * @param untilWelcome how long the agent may wait for the driver's first word
   */
  Heart(
      MonotonicClock clock,
      Duration untilWelcome,
      IntSupplier runningTasks,
      Consumer<Heartbeat> send,
      Runnable onLeaseOver) {
    this.clock = clock;
    this.runningTasks = runningTasks;
    this.send = send;
    this.onLeaseOver = onLeaseOver;
    this.lease = new Lease(clock, untilWelcome);
    timer.execute(this::watch);
  }

  void welcome(Welcome welcome) {
    lease.replace(Duration.ofMillis(welcome.getLeaseMs()));
    var unused =
        timer.scheduleAtFixedRate(this::beat, 0, welcome.getHeartbeatMs(), TimeUnit.MILLISECONDS);
    // The first watch may be set for a longer time than this lease.
    timer.execute(this::watch);
  }

  private synchronized void beat() {
    sequence++;
    unanswered.add(new Sent(sequence, clock.nanos()));
    send.accept(
        Heartbeat.newBuilder()
            .setSequence(sequence)
            .setRunningTasks(runningTasks.getAsInt())
            .build());
  }

  /** The driver's answer to a heartbeat; answers to earlier ones count as lost. */
  synchronized void renew(io.nfspawn.protocol.wire.Lease answer) {
    Sent sent = unanswered.peek();
    while (sent != null && sent.sequence() <= answer.getSequence()) {
      unanswered.remove();
      if (sent.sequence() == answer.getSequence()) {
        lease.renew(sent.atNanos(), Duration.ofMillis(answer.getLeaseMs()));
      }
      sent = unanswered.peek();
    }
  }

  /** On the timer's thread alone. Takes the place of the look that was planned before. */
  private void watch() {
    if (nextLook != null) {
      nextLook.cancel(false);
    }
    Duration remaining = lease.remaining();
    if (!remaining.isZero()) {
      // A millisecond late rather than one early, and again for a rest of nanoseconds.
      nextLook = timer.schedule(this::watch, remaining.toMillis() + 1, TimeUnit.MILLISECONDS);
    } else if (!over) {
      over = true;
      onLeaseOver.run();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
