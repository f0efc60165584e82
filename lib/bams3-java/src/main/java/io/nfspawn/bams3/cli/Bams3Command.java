package io.nfspawn.bams3.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * The program {@code bams3}. Names nothing of picocli, which then loads only where it is needed.
 */
public final class Bams3Command {
  private static final String LOG_SETUP = "logback.configurationFile";

  private Bams3Command() {}

  /** Never returns. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOG_SETUP) == null) {
      System.setProperty(LOG_SETUP, "io/nfspawn/bams3/cli/logback-bams3.xml");
    }
    System.exit(run(arguments));
  }

  /** Runs one command line; returns its exit code. */
  static int run(String... arguments) {
    Callable<Integer> plain = PlainLine.command(arguments);
    return plain == null ? AnyCommand.run(arguments) : call(plain);
  }

  private static int call(Callable<Integer> plain) {
    try {
      return plain.call();
    } catch (IOException e) {
      return FailureReport.failed(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
