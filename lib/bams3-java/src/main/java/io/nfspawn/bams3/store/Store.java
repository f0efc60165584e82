package io.nfspawn.bams3.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * Objects by key, as an object store has them: whole objects appear at once or not at all, and are
 * read by ranges. Keys are relative, parts separated by {@code /}. Thread-safe.
 */
public interface Store extends Closeable {

  /** The place as a user would write it, for messages. */
  String place();

  /**
   * Size of an object in bytes.
   *
   * @throws NoSuchFileException when there is none of that key
   */
  long size(String key) throws IOException;

  /**
   * How long ago an object was written, by the clock of the store.
   *
   * @throws NoSuchFileException when there is none of that key
   */
  Duration age(String key) throws IOException;

  /**
   * Reads a range of an object.
   *
   * @return exactly the bytes asked for, or fewer when the object ends before them
   * @throws NoSuchFileException when there is none of that key
   */
  byte[] read(String key, long offset, int lengthBytes) throws IOException;

  /**
   * Reads the end of an object, without its size being known: one request where that is possible.
   *
   * @throws NoSuchFileException when there is none of that key
   */
  default Tail readTail(String key, int maxBytes) throws IOException {
    long size = size(key);
    int lengthBytes = (int) Math.min(size, maxBytes);
    return new Tail(read(key, size - lengthBytes, lengthBytes), size);
  }

  /**
   * Reads an object from its start to its end. A distant store fetches ahead, and fails rather than
   * to go on with the next version of an object that is replaced meanwhile.
   *
   * @throws NoSuchFileException when there is none of that key
   */
  default InputStream open(String key) throws IOException {
    return new ObjectStream(
        key,
        size(key),
        (name, offset, lengthBytes) -> {
          FutureTask<byte[]> read = new FutureTask<>(() -> read(name, offset, lengthBytes));
          read.run();
          return read;
        },
        1,
        1 << 20);
  }

  /**
   * Reads several ranges of an object; a distant store fetches neighbours by one request and others
   * at the same time.
   *
   * @param ranges in any order; they may overlap
   * @return for each range what {@link #read} gives, in the order of the ranges
   * @throws NoSuchFileException when there is none of that key
   */
  default List<byte[]> readAll(String key, List<ByteRange> ranges) throws IOException {
    List<byte[]> contents = new ArrayList<>(ranges.size());
    for (ByteRange range : ranges) {
      contents.add(read(key, range.offset(), range.lengthBytes()));
    }
    return contents;
  }

  /** Starts an object, which becomes visible, whole, on {@link Upload#publish()}. */
  Upload create(String key) throws IOException;

  /**
   * Publishes a small object unless there is one of that key already.
   *
   * @return whether it was written
   */
  boolean putIfAbsent(String key, byte[] content) throws IOException;

  /** Keys that start with a prefix, in order. */
  List<String> list(String prefix) throws IOException;

  /** Removes an object; there being none is not an error. */
  void delete(String key) throws IOException;

  /** Removes objects; there being none of a key is not an error. */
  default void deleteAll(List<String> keys) throws IOException {
    for (String key : keys) {
      delete(key);
    }
  }

  /**
   * Removes what uploads that were cut short (a killed process) left where no key shows it. Only
   * for whoever knows that nobody is writing to the store.
   */
  default void discardUnpublished() throws IOException {}

  /**
   * How many requests at a time are worth while: as many as a distant server answers side by side,
   * one where reading is a matter of the page cache.
   */
  default int requestsAtATime() {
    return 1;
  }

  /** Requests and bytes so far. */
  default Traffic traffic() {
    return Traffic.NONE;
  }

  @Override
  void close() throws IOException;

  /** An object being written. Owned by one thread; closed unpublished it leaves nothing. */
  abstract class Upload extends OutputStream {
    /** Makes the object visible, replacing an older one of the same key. */
    public abstract void publish() throws IOException;

    /** Drops what was not published; idempotent. */
    @Override
    public abstract void close() throws IOException;
  }
}
