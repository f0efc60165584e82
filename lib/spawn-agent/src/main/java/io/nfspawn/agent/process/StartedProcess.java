package io.nfspawn.agent.process;

import java.io.IOException;

/** A child of this program. {@link #awaitExit} is for one thread, once; the rest for any. */
public interface StartedProcess {

  /** Stands for this very process, also when its number has been given to another. */
  ProcessHandle handle();

  /**
   * Blocks until it has ended; no interrupt changes that. Nothing of it is left in the system then.
   *
   * @return its exit status, 128 + signal when one killed it
   * @throws IOException when the system does not tell
   */
  int awaitExit() throws IOException;
}
