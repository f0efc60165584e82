package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Lease lease = new Lease(now::get, Duration.ofNanos(10));

  @Test
  void shouldRunOutWhenItsTimeIsOverEvenIfTheClockOverflows() {
    now.addAndGet(9);
    assertThat(lease.isOver()).isFalse();
    now.addAndGet(1);
    assertThat(lease.isOver()).isTrue();
  }

  @Test
  void shouldCountFromWhenTheHeartbeatWasSentWhenRenewed() {
    long sent = now.get();
    now.addAndGet(8);
    lease.renew(sent, Duration.ofNanos(12));
    assertThat(lease.remaining()).isEqualTo(Duration.ofNanos(4));
  }

  @Test
  void shouldNeverShortenWhenAnOldAnswerArrivesLate() {
    lease.renew(now.get() - 100, Duration.ofNanos(12));
    assertThat(lease.remaining()).isEqualTo(Duration.ofNanos(10));
  }

  @Test
  void shouldTakeTheDriversWordWhenItIsTheFirst() {
    lease.replace(Duration.ofNanos(3));
    assertThat(lease.remaining()).isEqualTo(Duration.ofNanos(3));
  }
}
