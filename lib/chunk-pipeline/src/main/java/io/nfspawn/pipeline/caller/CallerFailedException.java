package io.nfspawn.pipeline.caller;

import io.nfspawn.pipeline.PipelineException;

/**
 * A caller failed on a work item, or what it printed is no VCF. The message carries the item and
 * the caller's own last lines: they are what the user needs, and the work item's scratch files are
 * gone.
 */
public final class CallerFailedException extends PipelineException {
  private final String itemId;

  public CallerFailedException(String itemId, String region, String fault, String lastLines) {
    super(
        "caller failed on work item "
            + itemId
            + " ("
            + region
            + "): "
            + fault
            + (lastLines.isBlank()
                ? "; the caller printed nothing on stderr"
                : "; its last lines:\n" + lastLines.stripTrailing().indent(2).stripTrailing()));
    this.itemId = itemId;
  }

  public String itemId() {
    return itemId;
  }
}
