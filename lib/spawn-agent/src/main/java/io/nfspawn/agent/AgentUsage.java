package io.nfspawn.agent;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command line as picocli reads it: any spelling it allows, help, and what is wrong. */
final class AgentUsage {
  private AgentUsage() {}

  static int execute(String... words) {
    var options = new AgentOptions();
    var line = new CommandLine(options);
    line.setExecutionStrategy(
        parsed -> {
          Integer helped = CommandLine.executeHelpRequest(parsed);
          if (helped != null) {
            return helped;
          }
          try {
            return AgentCommand.run(options);
          } catch (UsageException e) {
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
          }
        });
    return line.execute(words);
  }

  /** Says what is wrong with a command line whose spelling was right. */
  static int refuse(UsageException wrong, String... words) {
    var line = new CommandLine(new AgentOptions());
    line.setExecutionStrategy(
        parsed -> {
          throw new ParameterException(line, String.valueOf(wrong.getMessage()), wrong);
        });
    return line.execute(words);
  }
}
