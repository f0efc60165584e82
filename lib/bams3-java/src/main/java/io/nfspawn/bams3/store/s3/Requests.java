package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.Traffic;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Sends requests again while that may help, and counts them. The SDK's own repetition is off: it
 * does not see an answer that breaks off while it is read. Thread-safe.
 */
final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  private final S3Prefix prefix;
  private final int attempts;
  private final Backoff backoff;
  private final LongAdder sent = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();

  Requests(S3Prefix prefix, int attempts, Backoff backoff) {
    this.prefix = prefix;
    this.attempts = attempts;
    this.backoff = backoff;
  }

  /** One request. */
  interface Attempt<T> {
    /**
     * @param number from 1; above, an earlier one may have been carried out unheard
     */
    T run(int number) throws IOException;
  }

  /**
   * @param doing for messages: the object could not be … ("read")
   */
  <T> T send(String key, String doing, Attempt<T> attempt) throws IOException {
    for (int number = 1; ; number++) {
      sent.increment();
      try {
        return attempt.run(number);
      } catch (SdkException | IOException e) {
        if (number >= attempts || !Failure.isPassing(e)) {
          throw Failure.of(e, prefix.place(key), prefix.bucket(), doing, number);
        }
        LOG.debug(
            "event=store.repeat object={} attempt={} reason=\"{}\"",
            prefix.place(key),
            number,
            e.getMessage());
        repeats.increment();
        backoff.pause(number);
      }
    }
  }

  void countRead(long bytes) {
    readBytes.add(bytes);
  }

  void countWritten(long bytes) {
    writtenBytes.add(bytes);
  }

  Traffic traffic() {
    return new Traffic(sent.sum(), repeats.sum(), readBytes.sum(), writtenBytes.sum());
  }
}
