package io.nfspawn.plugin.config;

import java.util.List;

/** Everything that is wrong with the {@code spawn} scope, one line each. */
public final class ConfigProblems extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ConfigProblems(List<String> problems) {
    super(
        problems.size() == 1
            ? "nextflow.config: " + problems.get(0)
            : "nextflow.config: %d problems%n  %s"
                .formatted(problems.size(), String.join(System.lineSeparator() + "  ", problems)));
  }
}
