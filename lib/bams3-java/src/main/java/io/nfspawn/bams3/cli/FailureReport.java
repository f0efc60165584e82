package io.nfspawn.bams3.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * One line on standard error for every failure. Implements nothing of picocli's, which would load
 * with it.
 */
final class FailureReport {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private FailureReport() {}

  /** What a command threw; see {@link CommandLine.IExecutionExceptionHandler}. */
  static int thrown(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
    if (failure instanceof ParameterException usage) {
      return usage(usage, parsed.originalArgs().toArray(new String[0]));
    }
    if (failure instanceof IOException known) {
      return failed(known);
    }
    throw failure;
  }

  /** Says why; returns the exit code. */
  static int failed(IOException failure) {
    if (failure instanceof StandardOutput.ReaderGone) {
      return 0; // whoever read has seen enough: bams3 query … | head
    }
    System.err.println("bams3: " + text(failure));
    return FAILED;
  }

  private static String text(IOException failure) {
    if (failure instanceof NoSuchFileException file) {
      return file.getFile() + ": there is no such file; check the path";
    }
    if (failure instanceof AccessDeniedException file) {
      return file.getFile() + ": access is denied; check its permissions";
    }
    if (failure instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  static int usage(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    System.err.println("bams3: " + String.valueOf(failure.getMessage()).replace('\n', ' '));
    if (!UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
      System.err.println(
          "Try '" + command.getCommandSpec().qualifiedName() + " --help' for its options.");
    }
    return USAGE;
  }
}
