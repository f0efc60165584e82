package io.nfspawn.bams3;

import org.jspecify.annotations.Nullable;

/** An alignment file that cannot be read or is not what it says. */
public final class InputException extends Bams3Exception {
  private static final long serialVersionUID = 1L;

  private final String input;

  public InputException(String input, String problem) {
    this(input, problem, null);
  }

  public InputException(String input, String problem, @Nullable Throwable cause) {
    super(input + ": " + problem, cause);
    this.input = input;
  }

  /** The file as it was given, {@code standard input} for a pipe. */
  public String input() {
    return input;
  }
}
