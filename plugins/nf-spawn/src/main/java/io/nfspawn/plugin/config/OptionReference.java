package io.nfspawn.plugin.config;

import java.util.List;

/**
 * The reference page of all options, {@code docs/config.md}, written from the options themselves.
 */
final class OptionReference {
  private static final String HEAD =
      """
      # Configuration: the `spawn` scope

      This page is written from the options' own descriptions (`OptionReference`); a test keeps it true.

      | Option | Standard value | Allowed | Meaning |
      | --- | --- | --- | --- |
      """;

  private OptionReference() {}

  static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    List<Option> options = Option.of("spawn", SpawnScope.class);
    for (Option option : options) {
      page.append(
          "| `%s` | %s | %s | %s |%n"
              .formatted(
                  option.key(), option.allowed().standard(), option.range(), option.description()));
    }
    return page.toString();
  }
}
