package io.nfspawn.pipeline.gang;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What a member did to which item and when, for whoever wants to see how the gang overlaps its
 * work. Thread-safe.
 */
public interface Trace extends AutoCloseable {

  /** What happens to an item, in this order. */
  enum Step {
    SENT,
    CALL_STARTED,
    CALLED,
    MERGED,
    /** The item is {@code -}: nothing more will be handed out. */
    DISTRIBUTION_ENDED
  }

  /** Keeps nothing. */
  Trace NONE = (step, item) -> {};

  void record(Step step, String item);

  @Override
  default void close() {}

  /** Appends lines {@code <milliseconds since 1970> <step> <item>} to a file. */
  static Trace toFile(Path file, Clock clock) throws IOException {
    BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    return new Trace() {
      @Override
      public synchronized void record(Step step, String item) {
        try {
          out.write(clock.millis() + "\t" + step + "\t" + item + "\n");
          out.flush();
        } catch (IOException e) {
          throw new UncheckedIOException("trace " + file, e);
        }
      }

      @Override
      public synchronized void close() {
        try {
          out.close();
        } catch (IOException e) {
          throw new UncheckedIOException("trace " + file, e);
        }
      }
    };
  }
}
