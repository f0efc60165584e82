package io.nfspawn.bams3.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in memory, for tests and for datasets that never need a disk. */
public final class MemoryStore implements Store {
  private final ConcurrentSkipListMap<String, Written> objects = new ConcurrentSkipListMap<>();

  /** An object and when it was written, by {@link System#nanoTime}. */
  private static final class Written {
    final byte[] content;
    final long writtenNs = System.nanoTime();

    Written(byte[] content) {
      this.content = content;
    }
  }

  @Override
  public String place() {
    return "memory:";
  }

  @Override
  public long size(String key) throws NoSuchFileException {
    return content(key).length;
  }

  @Override
  public Duration age(String key) throws NoSuchFileException {
    return Duration.ofNanos(System.nanoTime() - object(key).writtenNs);
  }

  @Override
  public byte[] read(String key, long offset, int lengthBytes) throws NoSuchFileException {
    byte[] content = content(key);
    int from = (int) Math.min(offset, content.length);
    return Arrays.copyOfRange(content, from, from + Math.min(lengthBytes, content.length - from));
  }

  @Override
  public InputStream open(String key) throws NoSuchFileException {
    return new ByteArrayInputStream(content(key));
  }

  @Override
  public Upload create(String key) {
    return new MemoryUpload(key);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return objects.putIfAbsent(key, new Written(content.clone())) == null;
  }

  @Override
  public List<String> list(String prefix) {
    return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  @Override
  public void delete(String key) {
    objects.remove(key);
  }

  @Override
  public void close() {}

  private byte[] content(String key) throws NoSuchFileException {
    return object(key).content;
  }

  private Written object(String key) throws NoSuchFileException {
    Written object = objects.get(key);
    if (object == null) {
      throw new NoSuchFileException(place() + key);
    }
    return object;
  }

  private final class MemoryUpload extends Upload {
    private final String key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    MemoryUpload(String key) {
      this.key = key;
    }

    @Override
    public void write(int value) {
      content.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int lengthBytes) {
      content.write(bytes, offset, lengthBytes);
    }

    @Override
    public void publish() {
      objects.put(key, new Written(content.toByteArray()));
    }

    @Override
    public void close() {
      content.reset();
    }
  }
}
