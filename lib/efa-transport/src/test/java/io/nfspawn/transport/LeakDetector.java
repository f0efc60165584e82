package io.nfspawn.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test after which a channel's threads, open files, registered memory or shared-memory
 * regions are more than before it.
 */
public final class LeakDetector implements BeforeEachCallback, AfterEachCallback {
  /** What the JVM opens once for itself: jars, entropy, the first selector. */
  private static final int FILES_OF_THE_JVM = 6;

  private static final List<String> THREADS = List.of("spawn-channel", "test-gang");

  /** What this process holds now. */
  private record Held(long threads, long files, long registeredBytes, long regions) {
    static Held now() {
      FabricLibrary library = Libfabric.isFound() ? Libfabric.probe().library() : null;
      return new Held(
          threadNames().size(),
          entries("/proc/self/fd", ""),
          library == null ? 0 : library.registeredBytes(),
          entries("/dev/shm", ProcessHandle.current().pid() + ":"));
    }

    boolean isNoMoreThan(Held before) {
      return threads <= before.threads
          && files <= before.files + FILES_OF_THE_JVM
          && registeredBytes <= before.registeredBytes
          && regions <= before.regions;
    }
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> THREADS.stream().anyMatch(name::startsWith))
        .toList();
  }

  private static long entries(String directory, String prefix) {
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(ExtensionContext.Namespace.create(LeakDetector.class));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    store(context).put("held", Held.now());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Held before = store(context).get("held", Held.class);
    if (before == null || context.getExecutionException().isPresent()) {
      return;
    }
    await()
        .atMost(TestGang.WAIT)
        .untilAsserted(
            () -> {
              Held now = Held.now();
              assertThat(now.isNoMoreThan(before))
                  .as("before %s, after %s, threads %s", before, now, new TreeSet<>(threadNames()))
                  .isTrue();
            });
  }
}
