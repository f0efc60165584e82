package io.nfspawn.bams3.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * An everyday command line, understood without picocli, which takes longer to start than a region
 * query takes to answer. Whatever is not plain (an option unknown here, a value that does not fit,
 * {@code --help}) is picocli's: it knows all options and every message.
 */
final class PlainLine {
  private final Set<String> switches = new HashSet<>();
  private final Map<String, String> values = new HashMap<>();
  private final List<String> operands = new ArrayList<>();

  private PlainLine() {}

  /** The command that a line means, ready to be called; null when picocli must read the line. */
  static @Nullable Callable<Integer> command(String[] arguments) {
    if (arguments.length == 0) {
      return null;
    }
    return switch (arguments[0]) {
      case "stats" -> StatsCommand.of(arguments);
      case "depth" -> DepthCommand.of(arguments);
      case "query" -> QueryCommand.of(arguments);
      case "to-bam" -> ToBamCommand.of(arguments);
      default -> null;
    };
  }

  /**
   * Splits what follows the command's name.
   *
   * @param known the command's plain options; the name of one with a value ends in =
   * @return null when there is anything else that starts with -
   */
  static @Nullable PlainLine parse(String[] arguments, Set<String> known) {
    PlainLine line = new PlainLine();
    for (int i = 1; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.startsWith("-") || argument.equals("-")) {
        line.operands.add(argument);
      } else if (known.contains(argument)) {
        line.switches.add(argument);
      } else if (known.contains(argument + "=") && i + 1 < arguments.length) {
        line.values.put(argument, arguments[++i]);
      } else {
        return null;
      }
    }
    return line;
  }

  boolean has(String option) {
    return switches.contains(option);
  }

  List<String> operands() {
    return operands;
  }

  String value(String option, String other) {
    return values.getOrDefault(option, other);
  }

  /** A decimal number from least to most; the other when it is not given, -1 for what is none. */
  int number(String option, int least, int most, int other) {
    String text = values.get(option);
    if (text == null) {
      return other;
    }
    int number = text.isEmpty() || text.length() > 6 ? -1 : 0;
    for (int i = 0; i < text.length() && number >= 0; i++) {
      int digit = text.charAt(i) - '0';
      number = digit >= 0 && digit <= 9 ? 10 * number + digit : -1;
    }
    return number >= least && number <= most ? number : -1;
  }
}
