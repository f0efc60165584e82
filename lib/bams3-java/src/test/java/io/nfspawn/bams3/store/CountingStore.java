package io.nfspawn.bams3.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is read from another store; answers as many requests at a time as it is told. */
public final class CountingStore implements Store {
  private final Store store;
  private final int requests;
  private final AtomicLong readBytes = new AtomicLong();
  private volatile Thread reader = Thread.currentThread();
  private volatile CountDownLatch together = new CountDownLatch(0);

  public CountingStore(Store store, int requests) {
    this.store = store;
    this.requests = requests;
  }

  public long readBytes() {
    return readBytes.get();
  }

  /** Holds back what threads other than the caller's read until so many reads are under way. */
  public CountDownLatch holdUntilTogether(int count) {
    CountDownLatch latch = new CountDownLatch(count);
    reader = Thread.currentThread();
    together = latch;
    return latch;
  }

  @Override
  public byte[] read(String key, long offset, int lengthBytes) throws IOException {
    if (Thread.currentThread() != reader) {
      awaitAnother(key);
    }
    byte[] bytes = store.read(key, offset, lengthBytes);
    readBytes.addAndGet(bytes.length);
    return bytes;
  }

  private void awaitAnother(String key) throws IOException {
    CountDownLatch latch = together;
    latch.countDown();
    try {
      if (!latch.await(1, TimeUnit.MINUTES)) {
        throw new IOException("waited for another read beside this one");
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException(key);
    }
  }

  @Override
  public int requestsAtATime() {
    return requests;
  }

  @Override
  public String place() {
    return store.place();
  }

  @Override
  public long size(String key) throws IOException {
    return store.size(key);
  }

  @Override
  public Duration age(String key) throws IOException {
    return store.age(key);
  }

  @Override
  public Upload create(String key) throws IOException {
    return store.create(key);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws IOException {
    return store.putIfAbsent(key, content);
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    return store.list(prefix);
  }

  @Override
  public void delete(String key) throws IOException {
    store.delete(key);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
