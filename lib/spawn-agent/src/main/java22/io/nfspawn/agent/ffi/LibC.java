package io.nfspawn.agent.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * One method for each function of glibc's {@code spawn.h} and {@code sys/wait.h} that is used; what
 * they return is what C returns.
 *
 * <p>All go through one downcall handle of six longs. Linking a handle of another shape costs an
 * agent that lives for seconds some 10 ms of CPU each, and in the C calling conventions of x86-64
 * and AArch64 an int or a pointer travels in a register of its own like a long, while what is left
 * in further registers is not looked at. None of the functions takes a structure or varargs.
 */
@SuppressWarnings("restricted") // foreign functions are; the launchers allow them
final class LibC {
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final SymbolLookup SYMBOLS = Linker.nativeLinker().defaultLookup();

  private final MemorySegment attrInit = find("posix_spawnattr_init");
  private final MemorySegment attrSetFlags = find("posix_spawnattr_setflags");
  private final MemorySegment actionsInit = find("posix_spawn_file_actions_init");
  private final MemorySegment actionsDestroy = find("posix_spawn_file_actions_destroy");
  private final MemorySegment addOpen = find("posix_spawn_file_actions_addopen");
  private final MemorySegment addDup2 = find("posix_spawn_file_actions_adddup2");
  private final MemorySegment addChdir = find("posix_spawn_file_actions_addchdir_np");
  private final MemorySegment addCloseFrom = find("posix_spawn_file_actions_addclosefrom_np");
  private final MemorySegment spawn = find("posix_spawn");
  private final MemorySegment waitpid = find("waitpid");
  private final MemorySegment strerror = find("strerror");

  private static MemorySegment find(String name) {
    return SYMBOLS
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("the C library has no " + name));
  }

  int attrInit(MemorySegment attr) {
    return (int) call(attrInit, attr.address(), 0, 0, 0, 0, 0);
  }

  int attrSetFlags(MemorySegment attr, int flags) {
    return (int) call(attrSetFlags, attr.address(), flags, 0, 0, 0, 0);
  }

  int actionsInit(MemorySegment actions) {
    return (int) call(actionsInit, actions.address(), 0, 0, 0, 0, 0);
  }

  int actionsDestroy(MemorySegment actions) {
    return (int) call(actionsDestroy, actions.address(), 0, 0, 0, 0, 0);
  }

  int addOpen(MemorySegment actions, int fd, MemorySegment path, int flags, int mode) {
    return (int) call(addOpen, actions.address(), fd, path.address(), flags, mode, 0);
  }

  int addDup2(MemorySegment actions, int fd, int newFd) {
    return (int) call(addDup2, actions.address(), fd, newFd, 0, 0, 0);
  }

  int addChdir(MemorySegment actions, MemorySegment path) {
    return (int) call(addChdir, actions.address(), path.address(), 0, 0, 0, 0);
  }

  int addCloseFrom(MemorySegment actions, int fd) {
    return (int) call(addCloseFrom, actions.address(), fd, 0, 0, 0, 0);
  }

  int spawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attr,
      MemorySegment arguments,
      MemorySegment environment) {
    return (int)
        call(
            spawn,
            pid.address(),
            path.address(),
            actions.address(),
            attr.address(),
            arguments.address(),
            environment.address());
  }

  int waitpid(int pid, MemorySegment status, int options) {
    return (int) call(waitpid, pid, status.address(), options, 0, 0, 0);
  }

  String strerror(int error) {
    return MemorySegment.ofAddress(call(strerror, error, 0, 0, 0, 0, 0))
        .reinterpret(Long.MAX_VALUE)
        .getString(0);
  }

  private static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e, f);
    } catch (Throwable failure) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("calling the C library failed", failure);
    }
  }
}
