package io.nfspawn.transport.fabric.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * Keeps the JVM's signal handlers in their place while foreign code runs that installs its own: a
 * library that libfabric loads handles SEGV in its constructor, and provider shm does when the
 * first endpoint is made. The JVM's next implicit null check would end it, or remove shm's files.
 */
final class SignalHandlers {
  /** More than {@code sizeof(struct sigaction)} on any 64-bit Linux. */
  private static final long ACTION_BYTES = 256;

  private static final int LAST_SIGNAL = 31;
  private static final int SIGKILL = 9;
  private static final int SIGSTOP = 19;
  private static final MemorySegment SIGACTION =
      Linker.nativeLinker().defaultLookup().find("sigaction").orElseThrow();
  private static final MemorySegment SETENV =
      Linker.nativeLinker().defaultLookup().find("setenv").orElseThrow();

  private SignalHandlers() {}

  /** Something that may replace handlers. */
  @FunctionalInterface
  interface Action<T> {
    T run();
  }

  /** Runs {@code action}; afterwards every handler is what it was before. One at a time. */
  static synchronized <T> T keptWhile(Action<T> action) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment saved = arena.allocate(ACTION_BYTES * (LAST_SIGNAL + 1), 16);
      each(saved, true);
      try {
        return action.run();
      } finally {
        each(saved, false);
      }
    }
  }

  private static void each(MemorySegment saved, boolean save) {
    for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
      if (signal != SIGKILL && signal != SIGSTOP) {
        MemorySegment action = saved.asSlice(ACTION_BYTES * signal, ACTION_BYTES);
        Native.sigaction(
            SIGACTION,
            signal,
            save ? MemorySegment.NULL : action,
            save ? action : MemorySegment.NULL);
      }
    }
  }

  /** Asks the library for InfiniPath not to install its handlers at all, if nobody has yet. */
  static void declineBacktraces() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom("1");
      Native.setEnvironment(SETENV, arena.allocateFrom("IPATH_NO_BACKTRACE"), one);
      Native.setEnvironment(SETENV, arena.allocateFrom("HFI_NO_BACKTRACE"), one);
    }
  }
}
