package io.nfspawn.plugin;

/** Nextflow throws checked exceptions from methods that, being Groovy, declare none. */
final class Checked {
  private Checked() {}

  /** Write {@code throw Checked.undeclared(…)}. */
  static RuntimeException undeclared(Throwable exception) {
    return Checked.<RuntimeException>thrown(exception);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> RuntimeException thrown(Throwable exception) throws T {
    throw (T) exception;
  }
}
