package io.nfspawn.agent.log;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Time, level, thread, message: each event is one write. Thread-safe. */
final class AgentLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  private static final long DAY_MS = 86_400_000;

  private final Level lowest;
  private final transient PrintStream out;

  AgentLogger(String name, Level lowest, PrintStream out) {
    this.name = name;
    this.lowest = lowest;
    this.out = out;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      Object @Nullable [] arguments,
      @Nullable Throwable cause) {
    var line = new StringBuilder(120);
    appendTime(line);
    line.append(' ').append(level).append(level.name().length() == 4 ? " " : "");
    line.append(" [").append(Thread.currentThread().getName()).append("] ");
    line.append(MessageFormatter.basicArrayFormat(message, arguments)).append('\n');
    if (cause != null) {
      var trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace, true));
      line.append(trace);
    }
    out.print(line);
  }

  /**
   * HH:mm:ss.SSS, local time. Not by {@code java.time}: its rules of time zones are looked for in
   * every jar of the class path.
   */
  private static void appendTime(StringBuilder line) {
    long now = System.currentTimeMillis();
    int ms = (int) Math.floorMod(now + TimeZone.getDefault().getOffset(now), DAY_MS);
    appendTwo(line, ms / 3_600_000).append(':');
    appendTwo(line, ms / 60_000 % 60).append(':');
    appendTwo(line, ms / 1000 % 60).append('.');
    appendTwo(line, ms % 1000 / 10).append(ms % 10);
  }

  private static StringBuilder appendTwo(StringBuilder line, int number) {
    return line.append(number / 10).append(number % 10);
  }

  private boolean has(Level level) {
    return level.toInt() >= lowest.toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return has(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return has(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return has(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return has(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return has(Level.ERROR);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }
}
