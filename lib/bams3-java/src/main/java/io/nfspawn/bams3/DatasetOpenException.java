package io.nfspawn.bams3;

/** There is no readable dataset at a place. */
public final class DatasetOpenException extends Bams3Exception {
  private static final long serialVersionUID = 1L;

  /** Why it cannot be opened. */
  public enum Reason {
    /** Nothing is there. */
    MISSING,
    /** Something else is there. */
    NOT_A_DATASET,
    /** Objects without a manifest: a conversion that did not end. */
    UNFINISHED,
    /** Written by a version that this one cannot read. */
    OTHER_VERSION,
    /** A {@code scheme:} without a store. */
    UNKNOWN_STORE
  }

  private final Reason reason;
  private final String place;

  public DatasetOpenException(Reason reason, String place, String message) {
    super(message);
    this.reason = reason;
    this.place = place;
  }

  public Reason reason() {
    return reason;
  }

  /** The path or URI as it was given. */
  public String place() {
    return place;
  }
}
