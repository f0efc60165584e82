package io.nfspawn.bams3;

/** Something is already where a dataset should go. */
public final class TargetExistsException extends Bams3Exception {
  private static final long serialVersionUID = 1L;

  private final String target;

  public TargetExistsException(String target, String message) {
    super(message);
    this.target = target;
  }

  public String target() {
    return target;
  }
}
