package io.nfspawn.bams3.store;

import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of objects in the order given, some of them before they are asked for. Holds at most
 * as many bytes as it may, the ones handed out last not counted; a single longer range is read
 * alone. Owned by one thread; the caller closes it, which drops what was not asked for.
 *
 * <pre>{@code
 * try (ReadAhead pages = new ReadAhead(store, wanted.iterator(), workers, 64 << 20)) {
 *   for (byte[] page = pages.next(); page != null; page = pages.next()) {
 *     decode(page);
 *   }
 * }
 * }</pre>
 */
public final class ReadAhead implements AutoCloseable {

  /** A range of one object of the store. */
  public record Wanted(String key, ByteRange range) {}

  /** Where ranges come from. */
  public interface RangeReader {
    /** Begins what {@link Store#read} does. */
    Future<byte[]> read(String key, long offset, int lengthBytes);
  }

  private record Pending(Future<byte[]> content, int lengthBytes) {}

  private final RangeReader reader;
  private final Iterator<Wanted> wanted;
  private final int maxPending;
  private final long maxBytes;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private @Nullable Wanted following;
  private long pendingBytes;

  /**
   * @param wanted asked for the next range only when there is room for it
   * @param readers their number bounds the requests at a time
   */
  public ReadAhead(Store store, Iterator<Wanted> wanted, Workers readers, long maxBytes) {
    this(
        (key, offset, lengthBytes) -> readers.submit(() -> store.read(key, offset, lengthBytes)),
        wanted,
        readers.maxPending(),
        maxBytes);
  }

  ReadAhead(RangeReader reader, Iterator<Wanted> wanted, int maxPending, long maxBytes) {
    this.reader = reader;
    this.wanted = wanted;
    this.maxPending = maxPending;
    this.maxBytes = maxBytes;
  }

  /** The next range, shorter than asked for where its object ends; null after the last. */
  public byte @Nullable [] next() throws IOException {
    fill();
    Pending first = pending.poll();
    if (first == null) {
      return null;
    }
    byte[] content = Workers.await(first.content());
    pendingBytes -= first.lengthBytes();
    fill();
    return content;
  }

  private void fill() {
    while (pending.size() < maxPending) {
      if (following == null) {
        if (!wanted.hasNext()) {
          return;
        }
        following = wanted.next();
      }
      Wanted next = following;
      ByteRange range = next.range();
      if (!pending.isEmpty() && pendingBytes + range.lengthBytes() > maxBytes) {
        return;
      }
      pending.add(
          new Pending(
              reader.read(next.key(), range.offset(), range.lengthBytes()), range.lengthBytes()));
      pendingBytes += range.lengthBytes();
      following = null;
    }
  }

  @Override
  public void close() {
    for (Pending unwanted : pending) {
      unwanted.content().cancel(true);
    }
    pending.clear();
  }
}
