package io.nfspawn.agent;

/** An option is not what it must be; the message says which, and what to do. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
