package io.nfspawn.bams3.simulate;

import java.nio.file.Path;

/** The data set could not be written; the message is one line that says what to do. */
public final class SimulationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Path directory;

  SimulationException(Path directory, String message) {
    super(message);
    this.directory = directory;
  }

  SimulationException(Path directory, String message, Throwable cause) {
    super(message, cause);
    this.directory = directory;
  }

  /** Where the data set was to go. */
  public Path directory() {
    return directory;
  }
}
