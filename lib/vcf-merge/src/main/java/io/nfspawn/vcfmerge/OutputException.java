package io.nfspawn.vcfmerge;

import java.io.IOException;

/** Output or scratch cannot be written; the merge is over and nothing was published. */
public final class OutputException extends VcfMergeException {
  OutputException(String what, IOException cause) {
    super(
        what
            + ": cannot write: "
            + reason(cause)
            + "; nothing was published, make room or choose another place",
        cause);
  }

  OutputException(String message) {
    super(message);
  }

  private static String reason(IOException cause) {
    String simple = cause.getClass().getSimpleName();
    return switch (simple) {
      case "NoSuchFileException" -> "the directory does not exist";
      case "AccessDeniedException" -> "permission denied";
      default -> cause.getMessage() == null ? simple : cause.getMessage();
    };
  }
}
