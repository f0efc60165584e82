package io.nfspawn.transport.cli;

import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.WireDecision;
import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.FabricLibrary.Device;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the wires of a machine are good for.
 *
 * @param host address to listen on
 * @param limit longest wait for any step
 */
record WireChecks(String host, Duration limit, Libfabric.Probe probe, SetUp setUp) {

  enum State {
    OK,
    ABSENT,
    FAULTY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param words what was done, or what is missing and what to do about it
   */
  record Verdict(String wire, State state, String words) {
    boolean works() {
      return state == State.OK;
    }

    boolean isFaulty() {
      return state == State.FAULTY;
    }
  }

  /** One after the other, so that they do not take each other's time. */
  List<Verdict> run(List<String> wires) throws InterruptedException {
    List<Verdict> verdicts = new ArrayList<>();
    for (String wire : wires) {
      verdicts.add(check(wire));
    }
    return verdicts;
  }

  private Verdict check(String wire) throws InterruptedException {
    if (!wire.equals("zmq")) {
      String absence = absence(wire);
      if (!absence.isEmpty()) {
        return new Verdict(wire, State.ABSENT, absence);
      }
      String fault = setUp.fault(wire);
      if (!fault.isEmpty()) {
        return new Verdict(wire, State.FAULTY, fault);
      }
    }
    long startNanos = System.nanoTime();
    try {
      new WireTest(host, wire, limit).run();
    } catch (ChannelException | IOException e) {
      return new Verdict(wire, State.FAULTY, e.getMessage() + SetUp.hint(wire));
    }
    long millis = (System.nanoTime() - startNanos) / 1_000_000;
    return new Verdict(
        wire, State.OK, "work queue, push/pull and barrier on " + host + " in " + millis + " ms");
  }

  private String absence(String wire) {
    FabricLibrary library = probe.library();
    if (library == null) {
      return probe.absence();
    }
    String provider = WireDecision.providerOf(wire);
    if (library.devices().stream().map(Device::provider).anyMatch(provider::equals)) {
      return "";
    }
    String named = "libfabric " + library.version() + " (" + library.path() + ")";
    return wire.equals("fabric:efa")
        ? setUp.withoutEfa(named)
        : named
            + " has no device for provider "
            + provider
            + "; 'spawn-channel info' lists its own";
  }
}
