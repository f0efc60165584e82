package io.nfspawn.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link InstanceProvider} promises; one subclass an adapter. */
public abstract class InstanceProviderContract {
  protected static final Duration LIMIT = Duration.ofSeconds(30);
  protected static final String TOKEN = "c0ffee".repeat(10);
  protected final String runId = "c" + System.nanoTime();
  private InstanceProvider provider;

  /** A provider that gives at least two instances. */
  protected abstract InstanceProvider create();

  /** Whether the instance runs, looked up behind the provider's back. */
  protected abstract boolean isRunning(InstanceId id);

  /** Makes the instance end by itself, as a fault would. */
  protected abstract void breakDown(InstanceId id);

  @BeforeEach
  void createProvider() {
    provider = create();
  }

  @AfterEach
  void closeProvider() {
    provider.close();
    assertThat(isRunning(id(1))).isFalse();
    assertThat(isRunning(id(2))).isFalse();
  }

  protected static InstanceId id(int number) {
    return new InstanceId("i-" + number);
  }

  protected LaunchRequest request(Resources atLeast, InstanceId... ids) {
    return new LaunchRequest(
        runId,
        List.of(ids),
        atLeast,
        new LaunchRequest.DriverAddress("127.0.0.1", 1, "ab".repeat(32), TOKEN),
        Map.of());
  }

  private List<InstanceId> launch(InstanceId... ids) throws LaunchException {
    return provider.launch(request(Resources.of(1, 1), ids)).stream()
        .map(InstanceProvider.Launched::id)
        .toList();
  }

  private void awaitRunning(InstanceId... ids) {
    await().atMost(LIMIT).until(() -> Stream.of(ids).allMatch(this::isRunning));
  }

  @Test
  void shouldRunEveryInstanceWhenLaunched() throws Exception {
    assertThat(launch(id(1), id(2))).containsExactly(id(1), id(2));
    awaitRunning(id(1), id(2));
  }

  @Test
  void shouldGiveWhatItsLimitsSayWhenLaunched() throws Exception {
    InstanceProvider.Limits limits = provider.limits();
    List<InstanceProvider.Launched> launched = provider.launch(request(limits.largest(), id(1)));

    assertThat(limits.largest().fitsIn(launched.get(0).capacity())).isTrue();
    assertThat(launched.get(0).zone()).isNotEmpty();
  }

  @Test
  void shouldLaunchNothingTwiceWhenRequestIsRepeated() throws Exception {
    launch(id(1));
    awaitRunning(id(1));

    assertThat(launch(id(1))).containsExactly(id(1));
    provider.terminate(id(1));
    assertThat(isRunning(id(1))).isFalse();
  }

  @Test
  void shouldFailForGoodWhenMoreIsAskedThanTheLargestHas() {
    Resources tooMuch = provider.limits().largest().plus(Resources.of(1, 0));

    assertThatThrownBy(() -> provider.launch(request(tooMuch, id(1))))
        .isInstanceOfSatisfying(
            LaunchException.class, failure -> assertThat(failure.retryable()).isFalse());
  }

  @Test
  void shouldEndOneAndLeaveTheOtherWhenTerminated() throws Exception {
    launch(id(1), id(2));
    awaitRunning(id(1), id(2));

    provider.terminate(id(1));
    provider.terminate(id(1));
    provider.terminate(new InstanceId("unknown"));

    assertThat(isRunning(id(1))).isFalse();
    assertThat(isRunning(id(2))).isTrue();
  }

  @Test
  void shouldEndTheRunsInstancesWhenReaped() throws Exception {
    launch(id(1), id(2));
    awaitRunning(id(1), id(2));

    assertThat(provider.reap("other" + runId)).isZero();
    assertThat(isRunning(id(1))).isTrue();
    assertThat(provider.reap(runId)).isGreaterThanOrEqualTo(2);
    assertThat(isRunning(id(1)) || isRunning(id(2))).isFalse();
    assertThat(provider.reap(runId)).isZero();
  }

  @Test
  void shouldTellOnceWhenInstanceEndsUnasked() throws Exception {
    var ended = new CopyOnWriteArrayList<InstanceProvider.Ended>();
    provider.onEnd(ended::add);
    launch(id(1), id(2));
    awaitRunning(id(1), id(2));

    breakDown(id(1));
    await().atMost(LIMIT).until(() -> !ended.isEmpty());
    provider.terminate(id(2));

    assertThat(ended).extracting(InstanceProvider.Ended::id).containsExactly(id(1));
    assertThat(ended.get(0).reason()).contains("i-1");
  }
}
