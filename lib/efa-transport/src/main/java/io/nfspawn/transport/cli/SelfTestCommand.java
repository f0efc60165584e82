package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.FabricPolicy;
import io.nfspawn.transport.WireDecision;
import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code spawn-channel selftest}: tries every wire there is and names what is wrong with others.
 */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    description = {
      "Send through every wire of this machine, and say what is missing for the others.",
      "Exit status: 0 when all that is here works, 1 when something does not or what --wire names"
          + " is absent."
    },
    footer = {
      "",
      "Examples:",
      "  spawn-channel selftest",
      "  spawn-channel selftest --wire fabric:efa --host 10.0.0.5",
      "  spawn-channel selftest --announce required   what an agent announces under this policy"
    })
final class SelfTestCommand implements Callable<Integer> {
  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--wire",
      paramLabel = "WIRE",
      description = "Only this one, which has to work: zmq, fabric:efa, fabric:shm or fabric:tcp.")
  private @Nullable String only;

  @Option(
      names = "--limit",
      defaultValue = "PT3S",
      paramLabel = "DURATION",
      description =
          "Longest time for all wires together; one that takes longer is a fault (${DEFAULT-VALUE}).")
  private Duration limit;

  @Option(
      names = "--announce",
      paramLabel = "POLICY",
      description =
          "Print the wires that work, one a line, best first, as an agent announces them where a"
              + " fabric is required, preferred or off. Faults go to stderr.")
  private @Nullable FabricPolicy announce;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (announce == FabricPolicy.OFF) {
      WireDecision.announced(announce, List.of(), "").forEach(out::println);
      out.flush();
      return 0;
    }
    Libfabric.Probe probe = Libfabric.probe();
    WireChecks checks = new WireChecks(host, limit, probe, SetUp.OF_THIS_MACHINE, Channel::open);
    List<WireChecks.Verdict> verdicts = checks.run(wires(probe.library()));
    int status = announce == null ? print(verdicts, out) : announce(announce, verdicts, out);
    out.flush();
    return status;
  }

  private List<String> wires(@Nullable FabricLibrary library) {
    if (only != null) {
      return List.of(only);
    }
    List<String> wires = new ArrayList<>(announce == null ? List.of("zmq") : List.of());
    wires.addAll(
        library == null ? List.of("fabric") : List.of("fabric:efa", "fabric:shm", "fabric:tcp"));
    return wires;
  }

  private int print(List<WireChecks.Verdict> verdicts, PrintWriter out) {
    boolean sound = true;
    for (WireChecks.Verdict verdict : verdicts) {
      out.println("%-11s %-7s %s".formatted(verdict.wire(), verdict.state(), verdict.words()));
      sound &= only == null ? !verdict.isFaulty() : verdict.works();
    }
    return sound ? 0 : 1;
  }

  /** The gate of a gang: a wire that does not work is not announced. */
  private int announce(FabricPolicy policy, List<WireChecks.Verdict> verdicts, PrintWriter out) {
    List<String> working = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (WireChecks.Verdict verdict : verdicts) {
      if (verdict.works()) {
        working.add(WireDecision.providerOf(verdict.wire()));
      } else {
        faults.add(
            (verdict.wire().equals("fabric") ? "" : verdict.wire() + ": ") + verdict.words());
        spec.commandLine().getErr().println("spawn-channel: " + faults.get(faults.size() - 1));
      }
    }
    WireDecision.announced(policy, working, String.join("; ", faults)).forEach(out::println);
    return 0;
  }
}
