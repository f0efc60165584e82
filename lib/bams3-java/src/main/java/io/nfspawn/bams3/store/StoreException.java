package io.nfspawn.bams3.store;

import io.nfspawn.bams3.Bams3Exception;
import org.jspecify.annotations.Nullable;

/** A store that did not do what it was asked, for good or after every repeat. */
public final class StoreException extends Bams3Exception {
  private static final long serialVersionUID = 1L;

  /** What stands in the way. */
  public enum Reason {
    /** The credentials are missing, wrong, expired, or do not allow it. */
    DENIED,
    /** The bucket does not exist. */
    NO_BUCKET,
    /** No answer, or none but "later", however often it was asked. */
    UNAVAILABLE,
    /** An answer that no repeat will change. */
    REFUSED,
    /** The server cannot do what datasets need. */
    UNSUPPORTED
  }

  private final Reason reason;
  private final String place;

  /**
   * @param place the object or prefix, as a user would write it
   * @param problem what happened, and what to do
   */
  public StoreException(Reason reason, String place, String problem, @Nullable Throwable cause) {
    super(place + ": " + problem, cause);
    this.reason = reason;
    this.place = place;
  }

  public Reason reason() {
    return reason;
  }

  public String place() {
    return place;
  }
}
