package io.nfspawn.transport.fabric.ffi;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Arenas whose owner is done with them while a call of somebody else, such as a write of a received
 * payload to a file, still has their memory: they cannot be closed before that has ended. A thread
 * tries again as long as there are any. Thread-safe.
 */
final class LateArenas {
  private static final Logger log = LoggerFactory.getLogger(LateArenas.class);
  private static final long TRY_AGAIN_MILLIS = 20;
  private static final List<Arena> IN_USE = new ArrayList<>();

  private LateArenas() {}

  /** Closes it, now or as soon as nobody uses it. */
  static void close(Arena arena) {
    if (isClosed(arena)) {
      return;
    }
    synchronized (IN_USE) {
      IN_USE.add(arena);
      log.debug("event=memory_in_use arenas={}", IN_USE.size());
      if (IN_USE.size() == 1) {
        Thread thread = new Thread(LateArenas::closeAll, "spawn-memory-in-use");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  /** Closes it if nobody uses it. */
  private static boolean isClosed(Arena arena) {
    try {
      arena.close();
      return true;
    } catch (IllegalStateException e) {
      return !arena.scope().isAlive();
    }
  }

  private static void closeAll() {
    synchronized (IN_USE) {
      IN_USE.removeIf(LateArenas::isClosed);
      while (!IN_USE.isEmpty()) {
        try {
          IN_USE.wait(TRY_AGAIN_MILLIS);
        } catch (InterruptedException e) {
          log.debug("event=interrupted"); // Nobody has a reason to: what is here has to be freed.
        }
        IN_USE.removeIf(LateArenas::isClosed);
      }
    }
  }
}
