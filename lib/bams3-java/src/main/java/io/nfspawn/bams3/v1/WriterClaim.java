package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write below a place of a store, which one writer has at a time.
 *
 * <p>The first claim is the object {@code writer.claim}, put only if there is none. A claim is
 * taken over by the object {@code writer.claim.<its id>}, again put only if there is none, which
 * can be taken over in turn: so of several that would take over the same claim one does, and the
 * last of such a chain is who may write. The owner renews the object, so that its age tells whether
 * somebody still writes.
 *
 * <p>A claim may be taken over without being told to when its owner is proven dead: seen from the
 * same system, when the process does not run; else when it was not renewed for {@link #SILENCE}.
 */
final class WriterClaim implements AutoCloseable {
  static final String KEY = "writer.claim";

  /** A claim that was not renewed for so long is nobody's. */
  static final Duration SILENCE = Duration.ofMinutes(5);

  private static final Duration RENEWAL = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 4096;
  private static final Logger LOG = LoggerFactory.getLogger(WriterClaim.class);

  private final Store store;
  private final ClaimOwner owner;

  /** From the first claim to ours. */
  private final List<String> chain;

  private final ScheduledExecutorService renewer =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "bams3-claim");
            thread.setDaemon(true);
            return thread;
          });
  private final Future<?> renewals;
  private volatile long renewedNs = System.nanoTime();

  private WriterClaim(Store store, ClaimOwner owner, List<String> chain) {
    this.store = store;
    this.owner = owner;
    this.chain = chain;
    this.renewals =
        renewer.scheduleWithFixedDelay(
            this::renew, RENEWAL.toNanos(), RENEWAL.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Takes the claim.
   *
   * @param force whether to take it from an owner who may live
   * @throws TargetExistsException when another one has it
   */
  static WriterClaim take(Store store, boolean force) throws IOException {
    return take(store, ClaimOwner.thisProcess(), force, SILENCE);
  }

  static WriterClaim take(Store store, ClaimOwner owner, boolean force, Duration silence)
      throws IOException {
    List<String> chain = new ArrayList<>(List.of(KEY));
    while (true) {
      String key = chain.get(chain.size() - 1);
      if (store.putIfAbsent(key, owner.toBytes())) {
        return new WriterClaim(store, owner, chain);
      }
      try {
        ClaimOwner other = read(store, key);
        String successor = successorOf(other);
        if (!force && !exists(store, successor)) {
          refuseIfAlive(store, key, other, silence);
        }
        chain.add(successor);
      } catch (NoSuchFileException e) {
        chain = new ArrayList<>(List.of(KEY)); // given back meanwhile
      }
    }
  }

  private static void refuseIfAlive(Store store, String key, ClaimOwner other, Duration silence)
      throws IOException {
    if (other.isNeighbour()) {
      if (other.isAlive()) {
        throw taken(store, "process %d on this host".formatted(other.pid()));
      }
      LOG.info(
          "event=claim.recovered place={} pid={} reason=\"process has ended\"",
          store.place(),
          other.pid());
      return;
    }
    Duration age = store.age(key);
    if (age.compareTo(silence) < 0) {
      throw taken(
          store,
          "process %d on %s, last heard of %d s ago; a killed one can be replaced after %d s"
              .formatted(other.pid(), other.host(), age.toSeconds(), silence.toSeconds()));
    }
    LOG.info(
        "event=claim.recovered place={} host={} pid={} reason=\"not heard of for {} s\"",
        store.place(),
        other.host(),
        other.pid(),
        age.toSeconds());
  }

  private static TargetExistsException taken(Store store, String who) {
    return new TargetExistsException(
        store.place(),
        "%s: another conversion to it is under way (%s); wait for it, or --force starts over"
            .formatted(store.place(), who));
  }

  static boolean isClaim(String key) {
    return key.equals(KEY) || key.startsWith(KEY + ".");
  }

  private static String successorOf(ClaimOwner owner) {
    return KEY + "." + owner.id();
  }

  private static ClaimOwner read(Store store, String key) throws IOException {
    return ClaimOwner.parse(store.read(key, 0, MAX_BYTES));
  }

  private static boolean exists(Store store, String key) throws IOException {
    try {
      return store.size(key) >= 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private String key() {
    return chain.get(chain.size() - 1);
  }

  /** Whether the claim is still ours: there, and taken over by nobody. */
  boolean isHeld() throws IOException {
    try {
      return read(store, key()).id().equals(owner.id()) && !exists(store, successorOf(owner));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Cheap while the claim is renewed; asks the store when it was not for so long (a computer that
   * slept) that another one may be writing already.
   */
  boolean isLikelyHeld() throws IOException {
    if (System.nanoTime() - renewedNs < SILENCE.toNanos() / 2) {
      return true;
    }
    renew();
    return isHeld();
  }

  private void renew() {
    try {
      if (isHeld()) {
        try (Store.Upload upload = store.create(key())) {
          upload.write(owner.toBytes());
          upload.publish();
        }
        renewedNs = System.nanoTime();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("event=claim.not-renewed place={} reason=\"{}\"", store.place(), e.getMessage());
    }
  }

  /** Removes what chains of ended writers left; of those that matter now, nothing. */
  void removeOthers(List<String> keys) throws IOException {
    String successor = successorOf(owner);
    store.deleteAll(
        keys.stream()
            .filter(key -> isClaim(key) && !chain.contains(key) && !key.equals(successor))
            .toList());
  }

  /**
   * Gives it back. The first of the chain goes first: from then on the place is free, and the
   * others mean nothing.
   */
  void release() throws IOException {
    close();
    store.deleteAll(chain.subList(0, 1));
    store.deleteAll(chain.subList(1, chain.size()));
  }

  /** Ends the renewals. */
  @Override
  public void close() {
    renewals.cancel(false); // a renewal cut short might arrive after the claim was given back
    renewer.shutdown();
    boolean interrupted = false;
    while (!renewer.isTerminated()) {
      try {
        renewer.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
