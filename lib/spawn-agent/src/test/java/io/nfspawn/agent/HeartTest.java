package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.protocol.wire.Heartbeat;
import io.nfspawn.protocol.wire.Lease;
import io.nfspawn.protocol.wire.Welcome;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases are counted on a clock that only the test moves; the timer that looks at it is real. */
@Timeout(30)
class HeartTest {
  private static final int LEASE_MS = 60_000;

  private final AtomicLong now = new AtomicLong();
  private final BlockingQueue<Heartbeat> sent = new LinkedBlockingQueue<>();
  private final AtomicInteger leaseOver = new AtomicInteger();
  private final Heart heart =
      new Heart(now::get, Duration.ofMillis(10), () -> 3, sent::add, leaseOver::incrementAndGet);

  @AfterEach
  void stop() {
    heart.close();
  }

  private void pass(int ms) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private void welcome(int leaseMs, int heartbeatMs) {
    heart.welcome(Welcome.newBuilder().setLeaseMs(leaseMs).setHeartbeatMs(heartbeatMs).build());
  }

  private void answer(Heartbeat heartbeat, int leaseMs) {
    heart.renew(
        Lease.newBuilder().setSequence(heartbeat.getSequence()).setLeaseMs(leaseMs).build());
  }

  @Test
  void shouldBeatAtOnceAndAgainWhenWelcomed() throws Exception {
    welcome(LEASE_MS, 1);
    Heartbeat first = sent.take();
    assertThat(first.getSequence()).isEqualTo(1);
    assertThat(first.getRunningTasks()).isEqualTo(3);
    assertThat(sent.take().getSequence()).isEqualTo(2);
  }

  @Test
  void shouldEndOnceWhenNoWelcomeComes() {
    pass(10);
    await().until(() -> leaseOver.get() > 0);
    assertThat(leaseOver).hasValue(1);
  }

  @Test
  void shouldLiveAsLongAsTheLeaseOfTheWelcomeWhenNothingIsAnswered() throws Exception {
    welcome(20, 1);
    pass(19);
    sent.take();
    sent.take();
    assertThat(leaseOver).hasValue(0);
    pass(1);
    await().until(() -> leaseOver.get() == 1);
  }

  @Test
  void shouldCountTheLeaseFromWhenItsHeartbeatWasSentWhenAnswered() throws Exception {
    welcome(20, 1);
    Heartbeat first = sent.take();
    pass(15);
    answer(first, 40);
    pass(24);
    for (int beats = 0; beats < 50; beats++) {
      sent.take(); // by now the timer has looked at the lease again
    }
    assertThat(leaseOver).hasValue(0);
    pass(1);
    await().until(() -> leaseOver.get() == 1);
  }

  @Test
  void shouldNotRenewWhenTheSameHeartbeatIsAnsweredTwice() throws Exception {
    welcome(20, LEASE_MS);
    Heartbeat first = sent.take();
    answer(first, 30);
    answer(first, LEASE_MS);
    pass(30);
    await().until(() -> leaseOver.get() == 1);
  }
}
