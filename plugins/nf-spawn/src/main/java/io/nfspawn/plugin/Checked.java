package io.nfspawn.plugin;

import nextflow.exception.ProcessException;

/** Nextflow throws checked exceptions from methods that, being Groovy, declare none. */
final class Checked {
  private Checked() {}

  /** Write {@code throw Checked.undeclared(…)}. */
  static RuntimeException undeclared(ProcessException exception) {
    return Checked.<RuntimeException>thrown(exception);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> RuntimeException thrown(Throwable exception) throws T {
    throw (T) exception;
  }
}
