package io.nfspawn.transport.cli;

import io.nfspawn.transport.ChannelException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code spawn-channel}. Data on stdout, everything else on stderr. */
@Command(
    name = "spawn-channel",
    mixinStandardHelpOptions = true,
    version = "spawn-channel 0.1.0",
    description = "The channel between the running tasks of a gang.",
    subcommands = {
      InfoCommand.class,
      SelfTestCommand.class,
      PushCommand.class,
      PullCommand.class,
      BroadcastCommand.class,
      ReceiveCommand.class,
      BenchCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  spawn-channel info                 which wires there are, and the choice",
      "  spawn-channel selftest             two channels on this machine, all patterns",
      "  seq 100 | spawn-channel push --to 2    each line to rank 2 of this task's gang",
      "  spawn-channel pull --from 0,1          lines of ranks 0 and 1, until both end",
      "  spawn-channel broadcast --framing bytes --file ref.fa   to all other ranks, which run",
      "  spawn-channel receive --from 0 --framing bytes --file ref.fa",
      "  spawn-channel bench --wire zmq     bandwidth and latency between two processes"
    })
public final class SpawnChannelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Name a command: info, selftest, push, pull, broadcast, receive, bench.");
  }

  /** The program with its error handling, for {@link #main} and tests. */
  static CommandLine commandLine() {
    return new CommandLine(new SpawnChannelCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (failure instanceof ChannelException || failure instanceof IOException) {
                line.getErr().println("spawn-channel: " + failure.getMessage());
                return 1;
              }
              throw failure;
            });
  }

  public static void main(String[] args) {
    if (System.getProperty("logback.configurationFile") == null) {
      // Data goes to stdout, so the log must not.
      System.setProperty(
          "logback.configurationFile", "io/nfspawn/transport/cli/logback-spawn-channel.xml");
    }
    System.exit(commandLine().execute(args));
  }
}
