package io.nfspawn.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.agent.ffi.PosixSpawn;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PosixSpawnTest extends ProcessStarterContract {
  @Override
  ProcessStarter starter() {
    PosixSpawn.Probe probe = PosixSpawn.probe();
    assumeTrue(probe.starter() != null, "no posix_spawn: " + probe.absence());
    return Objects.requireNonNull(probe.starter());
  }

  @Test
  void shouldStartWithNoSignalBlockedWhenThreadsOfThisProgramBlockSome() throws Exception {
    assertThat(output("grep ^SigBlk /proc/self/status")).isEqualTo("SigBlk:\t0000000000000000\n");
  }

  @Test
  void shouldBeTheBestWayWhenItIsThere() {
    assertThat(ProcessStarter.best()).hasSameClassAs(starter());
  }
}
