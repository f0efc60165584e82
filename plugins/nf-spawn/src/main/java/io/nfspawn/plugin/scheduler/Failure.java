package io.nfspawn.plugin.scheduler;

/**
 * Why a task failed without an exit status of its own.
 *
 * @param message one line for the user: what, actual v expected, what to do
 */
public record Failure(Kind kind, String message) {

  public enum Kind {
    /** Larger than every possible slice. */
    TOO_LARGE(false),
    /** A static deadlock or a contradiction in what the members say about their gang. */
    GANG_IMPOSSIBLE(false),
    /** Members are missing and nothing can bring them. */
    GANG_INCOMPLETE(false),
    /** The gang cannot form because some of its members were taken from the cache. */
    GANG_CACHED(false),
    /** The gang has ended or is dead; the task cannot run alone. */
    GANG_OVER(false),
    /** The provider refuses to launch. */
    LAUNCH_REFUSED(false),
    /** Ran longer than its time limit. */
    TIME_LIMIT(true),
    /** Lost its instance more often than allowed. */
    RECLAIMED_TOO_OFTEN(true);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    /** False when running the same task again cannot help, whatever its error strategy says. */
    public boolean retryable() {
      return retryable;
    }
  }
}
