package io.nfspawn.bams3.cli;

import picocli.CommandLine.Option;

/** Help by its long name alone: {@code -h} asks for the header. */
final class HelpOption {
  @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
  boolean asked;
}
