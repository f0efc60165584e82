package io.nfspawn.transport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.WireChoice;
import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import io.nfspawn.transport.wire.Wire;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Wires that take all that is sent and deliver nothing, as behind a security group. */
class SilentWireTest {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  @Test
  void shouldSayThatEachIsSilentWithinTheTimeForAllOfThem() throws Exception {
    List<String> wires = new ArrayList<>(List.of("zmq"));
    Libfabric.Probe probe = Libfabric.probe();
    if (probe.isAvailable()) {
      wires.addAll(List.of("fabric:shm", "fabric:tcp"));
    }
    SetUp setUp = SetUp.OF_THIS_MACHINE;
    long startNanos = System.nanoTime();
    List<WireChecks.Verdict> verdicts =
        new WireChecks("127.0.0.1", LIMIT, probe, setUp, SilentWireTest::open).run(wires);
    Duration taken = Duration.ofNanos(System.nanoTime() - startNanos);
    System.out.println(verdicts + " in " + taken);
    assertThat(verdicts).extracting(WireChecks.Verdict::wire).isEqualTo(wires);
    assertThat(verdicts)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.state()).isEqualTo(WireChecks.State.FAULTY);
              assertThat(verdict.words())
                  .matches(
                      "work consumer 'items' got nothing within PT[0-9.]+S, waiting for rank 0"
                          + " \\(test on 127.0.0.1\\)");
            });
    // It is not a limit of each step or of each wire.
    assertThat(taken).isLessThan(LIMIT.multipliedBy(2));
  }

  private static Channel open(Membership membership, ChannelOptions options) {
    Wire wire = WireChoice.open(GangChannel.members(membership), options);
    Wire silent =
        (Wire)
            Proxy.newProxyInstance(
                Wire.class.getClassLoader(),
                new Class<?>[] {Wire.class},
                (self, method, arguments) -> {
                  if (method.getReturnType() == Wire.Sent.class) {
                    return Wire.Sent.ACCEPTED;
                  }
                  try {
                    return method.invoke(wire, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return GangChannel.open(membership, options, silent, System::nanoTime);
  }
}
