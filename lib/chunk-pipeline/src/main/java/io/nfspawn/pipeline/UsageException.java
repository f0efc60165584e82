package io.nfspawn.pipeline;

/** What the user typed cannot be meant; exit code 2 instead of 1. */
public final class UsageException extends PipelineException {
  public UsageException(String message) {
    super(message);
  }
}
