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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the wires of a machine are good for.
 *
 * @param host address to listen on
 * @param limit how long all of them may take together; closing may take half as long again
 */
record WireChecks(
    String host, Duration limit, Libfabric.Probe probe, SetUp setUp, WireTest.Opening opening) {

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

  /** All at once: one that is silent leaves the others the whole time. */
  List<Verdict> run(List<String> wires) throws InterruptedException {
    long endNanos = System.nanoTime() + limit.toNanos();
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      List<Callable<Verdict>> checks = new ArrayList<>();
      wires.forEach(wire -> checks.add(() -> check(wire, endNanos)));
      List<Verdict> verdicts = new ArrayList<>();
      for (Future<Verdict> verdict : pool.invokeAll(checks)) {
        verdicts.add(verdict.get());
      }
      return verdicts;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a wire could not be tried", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private Verdict check(String wire, long endNanos) throws InterruptedException {
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
      new WireTest(host, wire, opening, endNanos).run();
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
