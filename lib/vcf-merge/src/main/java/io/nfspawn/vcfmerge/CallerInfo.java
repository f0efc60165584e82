package io.nfspawn.vcfmerge;

import org.jspecify.annotations.Nullable;

/**
 * Who made the calls, for header and receipt.
 *
 * @param version as the caller prints it, null when unknown
 * @param command the command template, the same for every chunk; null when unknown
 * @param headerLine one canonical {@code ##key=value} line that stands in the header for all lines
 *     that name a single invocation; null = these lines are only left out
 */
public record CallerInfo(
    @Nullable String version, @Nullable String command, @Nullable String headerLine) {
  public static final CallerInfo UNKNOWN = new CallerInfo(null, null, null);

  public CallerInfo {
    if (headerLine != null && !headerLine.matches("##[^=\\r\\n]+=[^\\r\\n]*")) {
      throw new IllegalArgumentException(
          "header line '" + headerLine + "' is not of the form ##key=value on one line");
    }
  }

  /** With the header line {@code ##spawn_callerCommand=<command>}. */
  public static CallerInfo of(@Nullable String version, String command) {
    return new CallerInfo(
        version, command, "##spawn_callerCommand=" + command.replaceAll("[\\r\\n]+", " "));
  }
}
