package io.nfspawn.agent.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * SLF4J for a program that writes ten lines: Logback reads its settings through an XML parser and
 * reflection, 50 ms of CPU at every start. Our own lines from level {@code -Dspawn.agent.log}
 * (INFO), other libraries' from WARN. It is chosen by property and no service file names it: the
 * other programs on the same class path have Logback.
 */
public final class AgentLogProvider implements SLF4JServiceProvider, ILoggerFactory {
  private static final String CHOICE = "slf4j.provider";
  private static final String OURS = "io.nfspawn";

  private final Level ours = Level.valueOf(System.getProperty("spawn.agent.log", "INFO"));
  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();

  /** Before the first logger is made. */
  public static void choose() {
    if (System.getProperty(CHOICE) == null) {
      System.setProperty(CHOICE, AgentLogProvider.class.getName());
      // Without a word about the choice.
      System.setProperty("slf4j.internal.verbosity", "WARN");
    }
  }

  @Override
  public Logger getLogger(String name) {
    return loggers.computeIfAbsent(
        name, made -> new AgentLogger(made, made.startsWith(OURS) ? ours : Level.WARN, System.err));
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return this;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}
}
