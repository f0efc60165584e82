package io.nfspawn.pipeline;

/**
 * A fault that ends a plan or a member of the gang, told so that a user can act on it: one line
 * with what is wrong, where, and what to do. The message is the user interface; callers do not
 * match it.
 */
public class PipelineException extends RuntimeException {
  public PipelineException(String message) {
    super(message);
  }

  public PipelineException(String message, Throwable cause) {
    super(message, cause);
  }
}
