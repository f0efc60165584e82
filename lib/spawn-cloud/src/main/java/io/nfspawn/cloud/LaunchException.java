package io.nfspawn.cloud;

import org.jspecify.annotations.Nullable;

/** No instance could be launched. The message is one line for the user: what, why, what to do. */
public final class LaunchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  public LaunchException(String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /**
   * True when the same request may succeed later (insufficient capacity), false when it never will.
   */
  public boolean retryable() {
    return retryable;
  }
}
