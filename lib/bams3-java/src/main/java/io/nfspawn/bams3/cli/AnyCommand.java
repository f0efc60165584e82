package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.serve.ServeCommand;
import io.nfspawn.bams3.simulate.SimulateCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Every command line of {@code bams3}, with its help and its errors. */
@Command(
    name = "bams3",
    version = "bams3 0.1.0 (dataset format 1.0)",
    description = "Convert alignments to BAMS3 datasets, query them, get them back.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  bams3 convert sample.bam sample.bams3",
      "  bams3 query sample.bams3 chr20:10,000,000-10,010,000",
      "  bams3 to-bam sample.bams3 - | samtools flagstat -",
      "",
      "Exit codes: 0 done, 1 failed, 2 usage."
    })
final class AnyCommand implements Runnable {
  /** In the order of the help. */
  private static final List<String> COMMANDS =
      List.of(
          "convert",
          "query",
          "head",
          "to-bam",
          "stats",
          "depth",
          "verify",
          "upgrade",
          "serve",
          "simulate");

  @Mixin HelpOption help;

  @Option(names = "--version", versionHelp = true, description = "Show the version and exit.")
  boolean version;

  @Spec private CommandSpec spec;

  /** As {@link Bams3Command#run}. */
  static int run(String... arguments) {
    CommandLine program = new CommandLine(new AnyCommand());
    // the others would be looked through only to be found unwanted, at a tenth of a second each
    boolean known = arguments.length > 0 && COMMANDS.contains(arguments[0]);
    for (String name : known ? List.of(arguments[0]) : COMMANDS) {
      program.addSubcommand(name, command(name));
    }
    return program
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(FailureReport::thrown)
        .setParameterExceptionHandler(FailureReport::usage)
        .execute(arguments);
  }

  private static Object command(String name) {
    return switch (name) {
      case "convert" -> new ConvertCommand();
      case "query" -> new QueryCommand();
      case "head" -> new HeadCommand();
      case "to-bam" -> new ToBamCommand();
      case "stats" -> new StatsCommand();
      case "depth" -> new DepthCommand();
      case "verify" -> new VerifyCommand();
      case "upgrade" -> new UpgradeCommand();
      case "serve" -> new ServeCommand();
      case "simulate" -> new SimulateCommand();
      default -> throw new IllegalArgumentException("no command is called " + name);
    };
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
