package io.nfspawn.pipeline.plan;

import io.nfspawn.pipeline.UsageException;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bases as users write them: {@code 250}, {@code 4K}, {@code 1M}; 1024-based. */
public final class SpanText {
  private static final Pattern NUMBER = Pattern.compile("([0-9]{1,10})([kmgKMG]?)");
  private static final String AUTO = "auto";

  private SpanText() {}

  /**
   * Reads a number of bases, or {@code auto} as empty.
   *
   * @param option named in the message
   * @param least smallest number allowed
   */
  public static OptionalInt parse(String option, String text, int least) {
    if (text.equals(AUTO)) {
      return OptionalInt.empty();
    }
    Matcher matcher = NUMBER.matcher(text.strip());
    if (!matcher.matches()) {
      throw invalid(option, text, least);
    }
    int shift =
        switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    long bases = Long.parseLong(matcher.group(1)) << shift;
    if (bases < least || bases > Integer.MAX_VALUE) {
      throw invalid(option, text, least);
    }
    return OptionalInt.of((int) bases);
  }

  private static UsageException invalid(String option, String text, int least) {
    return new UsageException(
        option
            + " is '"
            + text
            + "'; it must be auto or a number of bases from "
            + least
            + " to 2147483647, such as 1000, 16K or 1M (K = 1024)");
  }
}
