package io.nfspawn.agent.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.nfspawn.agent.process.StartedProcess;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A child that only its number is known of until it is waited for. */
final class Spawned implements StartedProcess {
  private static final int SIGNAL_BITS = 0x7f;
  private static final int STATUS_SHIFT = 8;
  private static final int STATUS_BITS = 0xff;
  private static final int KILLED = 128;

  private final LibC c;
  private final int pid;
  private final ProcessHandle handle;

  Spawned(LibC c, int pid) {
    this.c = c;
    this.pid = pid;
    // Not waited for yet, so the number is still its own and is known.
    this.handle = ProcessHandle.of(pid).orElseThrow();
  }

  @Override
  public ProcessHandle handle() {
    return handle;
  }

  @Override
  public int awaitExit() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      while (c.waitpid(pid, status, 0) != pid) {
        // A signal to this program interrupts the wait; another reason is that there is no child.
        if (!handle.isAlive()) {
          throw new IOException(
              "exit status of process %d is lost: something else waited for it".formatted(pid));
        }
      }
      return exitStatus(status.get(JAVA_INT, 0));
    }
  }

  /** As {@code WIFEXITED}, {@code WEXITSTATUS} and {@code WTERMSIG} read it. */
  private static int exitStatus(int status) {
    int signal = status & SIGNAL_BITS;
    return signal == 0 ? status >> STATUS_SHIFT & STATUS_BITS : KILLED + signal;
  }
}
