package io.nfspawn.transport.cli;

import io.nfspawn.transport.WireDecision;
import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.FabricLibrary.Device;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spawn-channel info}. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Print the wires and devices there are, the choice and why.",
    footer = {"", "Example:", "  spawn-channel info"})
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Libfabric.Probe probe = Libfabric.probe();
    FabricLibrary library = probe.library();
    List<Device> devices = library == null ? List.of() : library.devices();
    List<String> here = devices.stream().map(Device::provider).distinct().toList();
    out.println("java    " + Runtime.version());
    out.println("zmq     available (ZMTP 3.1, AES-256-GCM frames)");
    if (library == null) {
      out.println("fabric  " + probe.absence());
    } else {
      out.println("fabric  libfabric " + library.version() + " (" + library.path() + ")");
      devices.forEach(d -> out.println("device  " + describe(d)));
    }
    out.println("choice  on one host: " + choice(here, true));
    out.println("choice  between hosts: " + choice(here, false));
    out.flush();
    return 0;
  }

  private static String describe(Device device) {
    return "%-12s domain %s, fabric %s"
        .formatted(device.provider(), device.domain(), device.fabric());
  }

  /** What {@code auto} comes to when every member announces what this machine has. */
  private static String choice(List<String> here, boolean oneHost) {
    List<String> hosts = oneHost ? List.of("a", "a") : List.of("a", "b");
    WireDecision decision = WireDecision.alike(hosts, here);
    return decision + ": " + decision.reason();
  }
}
