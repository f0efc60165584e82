package io.nfspawn.transport.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code spawn-channel info}. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Print the wires there are, the choice and why.",
    footer = {"", "Example:", "  spawn-channel info"})
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("java    " + Runtime.version());
    out.println("zmq     available (JeroMQ, AES-256-GCM frames)");
    out.println("fabric  not in this version");
    out.println("choice  zmq: the only wire there is");
    out.flush();
    return 0;
  }
}
