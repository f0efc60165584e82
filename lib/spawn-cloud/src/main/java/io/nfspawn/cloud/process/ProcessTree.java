package io.nfspawn.cloud.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All processes that carry a marker, those named as roots, and the descendants of both; never the
 * process that asks. Needs no rights beyond signalling one's own processes. Without {@code /proc}
 * only roots and their descendants are found. Immutable, thread-safe.
 */
public final class ProcessTree {
  private static final Logger log = LoggerFactory.getLogger(ProcessTree.class);
  private static final long LOOK_AGAIN_MS = 10;
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  /** A process just between fork and exec shows no environment for an instant: look twice. */
  private static final int EMPTY_LOOKS = 2;

  private final Marker marker;
  private final List<ProcessHandle> roots;

  private ProcessTree(Marker marker, List<ProcessHandle> roots) {
    this.marker = marker;
    this.roots = roots;
  }

  public static ProcessTree of(Marker marker, Collection<ProcessHandle> roots) {
    return new ProcessTree(marker, List.copyOf(roots));
  }

  public static ProcessTree of(Marker marker, ProcessHandle... roots) {
    return of(marker, List.of(roots));
  }

  /** The tree's processes that live now. */
  public Set<ProcessHandle> living() {
    Stream<ProcessHandle> found =
        ProcFs.isAvailable()
            ? pids().stream().flatMap(pid -> ProcessHandle.of(pid).stream())
            : roots.stream().flatMap(root -> Stream.concat(Stream.of(root), root.descendants()));
    long self = ProcessHandle.current().pid();
    return found
        .filter(process -> process.pid() != self && process.isAlive())
        .collect(Collectors.toSet());
  }

  /**
   * Sends TERM to every process, waits up to {@code grace} for all to end, then sends KILL until
   * none is left. Blocks until then. A process is told once, and what it starts after that is left
   * alone while it lives: it may be cleaning up (a shell's {@code trap}, the wrapper's removal of
   * its scratch directory). What outlives the one that started it is told as well.
   *
   * @return how many processes were signalled
   */
  public int end(Duration grace) {
    Set<ProcessHandle> signalled = new HashSet<>();
    boolean gone = endWithin(grace, living -> tell(living, signalled));
    if (!gone) {
      gone =
          endWithin(
              KILL_LIMIT,
              living -> {
                signalled.addAll(living);
                living.forEach(ProcessHandle::destroyForcibly);
              });
    }
    if (!gone) {
      log.error("event=process.unkillable marker={} pids={}", marker, living());
    }
    return signalled.size();
  }

  private static void tell(Set<ProcessHandle> living, Set<ProcessHandle> told) {
    List<ProcessHandle> untold =
        living.stream()
            .filter(process -> !told.contains(process))
            .filter(process -> process.parent().filter(told::contains).isEmpty())
            .toList();
    told.addAll(untold);
    parentsFirst(untold).forEach(ProcessHandle::destroy);
  }

  /**
   * A shell must have its signal before the command dies that it waits for, or {@code set -e} ends
   * it instead of its {@code trap}.
   */
  static List<ProcessHandle> parentsFirst(Collection<ProcessHandle> processes) {
    Map<ProcessHandle, Integer> depths = new HashMap<>();
    processes.forEach(process -> depths.put(process, depth(process)));
    return depths.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static int depth(ProcessHandle process) {
    return process.parent().map(parent -> 1 + depth(parent)).orElse(0);
  }

  private boolean endWithin(Duration limit, Consumer<Set<ProcessHandle>> signal) {
    long deadline = System.nanoTime() + limit.toNanos();
    int emptyLooks = 0;
    while (true) {
      Set<ProcessHandle> living = living();
      emptyLooks = living.isEmpty() ? emptyLooks + 1 : 0;
      if (emptyLooks == EMPTY_LOOKS) {
        return true;
      }
      signal.accept(living);
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      pause();
    }
  }

  /** An interrupt does not stop the work: half a tree must not stay. */
  private static void pause() {
    boolean interrupted = Thread.interrupted();
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Set<Long> pids() {
    Map<Long, Set<Long>> children = new HashMap<>();
    Set<Long> found = new HashSet<>();
    for (ProcFs.Entry entry : ProcFs.entries()) {
      children.computeIfAbsent(entry.parentPid(), parent -> new HashSet<>()).add(entry.pid());
      if (ProcFs.carries(entry.pid(), marker)) {
        found.add(entry.pid());
      }
    }
    // A root that has ended may have left its number to a stranger.
    roots.stream().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).forEach(found::add);
    var open = new ArrayDeque<>(found);
    while (!open.isEmpty()) {
      for (long child : children.getOrDefault(open.remove(), Set.of())) {
        if (found.add(child)) {
          open.add(child);
        }
      }
    }
    return found;
  }
}
