package io.nfspawn.pipeline.caller;

import io.nfspawn.pipeline.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Words as a POSIX shell splits them (blanks, both quotes, backslash) with nothing expanded. */
final class ShellWords {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWords() {}

  static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
        word.append(text.charAt(++i));
        inWord = true;
      } else if (quote != 0) {
        word.append(c);
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (!Character.isWhitespace(c)) {
        word.append(c);
        inWord = true;
      } else if (inWord) {
        words.add(word.toString());
        word.setLength(0);
        inWord = false;
      }
    }
    if (quote != 0) {
      throw new UsageException("--caller-args: a quote " + quote + " is not closed: " + text);
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  /** One word that a shell reads back as {@code text}. */
  static String quote(String text) {
    return SAFE.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
