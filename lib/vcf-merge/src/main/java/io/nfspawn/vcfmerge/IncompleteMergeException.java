package io.nfspawn.vcfmerge;

import java.util.List;
import java.util.stream.Collectors;

/** Chunks are missing, so nothing was published. */
public final class IncompleteMergeException extends VcfMergeException {
  private static final int NAMED = 10;
  private final transient List<ExpectedChunk> missing;

  IncompleteMergeException(String output, List<ExpectedChunk> missing, int expected) {
    super(
        output
            + " is not published: "
            + missing.size()
            + " of "
            + expected
            + " chunks are missing: "
            + names(missing)
            + "; call them and merge again");
    this.missing = List.copyOf(missing);
  }

  /** In the order of the output. */
  public List<ExpectedChunk> missing() {
    return missing;
  }

  private static String names(List<ExpectedChunk> missing) {
    String first =
        missing.stream()
            .limit(NAMED)
            .map(c -> c.core() == null ? c.id().value() : c.id() + " (" + c.core() + ")")
            .collect(Collectors.joining(", "));
    return missing.size() > NAMED ? first + " and " + (missing.size() - NAMED) + " more" : first;
  }
}
