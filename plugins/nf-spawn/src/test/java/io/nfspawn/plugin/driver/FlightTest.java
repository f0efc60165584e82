package io.nfspawn.plugin.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.plugin.scheduler.TaskId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlightTest {
  private final Flight flight =
      new Flight(
          new TaskId("7"),
          new Placement(new InstanceId("i1"), "host", "local", "local", 1, Optional.empty()));

  @Test
  void shouldTakeOffOnce() {
    assertThat(flight.takeOff()).isTrue();
    assertThat(flight.takeOff()).isFalse();
    assertThat(flight.kill()).as("the agent must be told").isTrue();
  }

  @Test
  void shouldNeverTakeOffWhenKilledBefore() {
    assertThat(flight.kill()).as("the agent knows nothing of it").isFalse();
    assertThat(flight.takeOff()).isFalse();
  }
}
