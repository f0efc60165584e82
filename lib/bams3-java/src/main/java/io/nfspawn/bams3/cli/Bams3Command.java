package io.nfspawn.bams3.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * The program {@code bams3}. Names nothing of picocli, which then loads only where it is needed.
 */
public final class Bams3Command {
  private static final String LOG_SETUP = "logback.configurationFile";

  private Bams3Command() {}

  /** Ends the JVM when the command has ended, whatever threads there still are. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOG_SETUP) == null) {
      System.setProperty(LOG_SETUP, "io/nfspawn/bams3/cli/logback-bams3.xml");
    }
    int code = run(arguments);
    // without a need it is left out: it loads the JDK's logging first, to be able to log itself
    if (code != 0 || othersKeepAlive()) {
      System.exit(code);
    }
  }

  private static boolean othersKeepAlive() {
    Thread[] threads = new Thread[Thread.activeCount() + 16];
    int count = Thread.enumerate(threads);
    for (int i = 0; i < count; i++) {
      if (threads[i] != Thread.currentThread() && !threads[i].isDaemon()) {
        return true;
      }
    }
    return count == threads.length;
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
