package io.nfspawn.transport.fabric.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls through function pointers, one method for each C signature. libfabric's calls are inline
 * functions over tables of such pointers, as jextract's classes for function pointers would be. No
 * call is {@code critical}: any of them may copy for milliseconds.
 */
@SuppressWarnings("restricted") // Calling foreign functions is what this package is for.
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle INT_P = handle(JAVA_INT, ADDRESS);
  private static final MethodHandle INT_PPL = handle(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle INT_PIP = handle(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle INT_PPP = handle(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle INT_IPP = handle(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle INT_PPPP = handle(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle AV_INSERT =
      handle(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle MR_REG =
      handle(
          JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          ADDRESS, ADDRESS);
  private static final MethodHandle MESSAGE =
      handle(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle INJECT =
      handle(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle RMA =
      handle(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG);
  private static final MethodHandle COMPLETIONS =
      handle(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle CQ_STRERROR =
      handle(ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle GETINFO =
      handle(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
  private static final MethodHandle PROCESS_VM_READV =
      handle(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle MMAP =
      handle(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle MADVISE = handle(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle MUNMAP = handle(JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle POINTER_P = handle(ADDRESS, ADDRESS);
  private static final MethodHandle POINTER_I = handle(ADDRESS, JAVA_INT);
  private static final MethodHandle VOID_P =
      LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle INT_VOID = handle(JAVA_INT);
  private static final MethodHandle INT_PPI = handle(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);

  private Native() {}

  private static MethodHandle handle(MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(FunctionDescriptor.of(result, arguments));
  }

  private static AssertionError impossible(Throwable thrown) {
    return new AssertionError("a foreign function threw", thrown);
  }

  /** {@code int f(void)}. */
  static int intOfNothing(MemorySegment function) {
    try {
      return (int) INT_VOID.invokeExact(function);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_close}. */
  static int close(MemorySegment function, MemorySegment fid) {
    try {
      return (int) INT_P.invokeExact(function, fid);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_ep_bind}. */
  static int bind(MemorySegment function, MemorySegment fid, MemorySegment to, long flags) {
    try {
      return (int) INT_PPL.invokeExact(function, fid, to, flags);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_control}. */
  static int control(MemorySegment function, MemorySegment fid, int command) {
    try {
      return (int) INT_PIP.invokeExact(function, fid, command, MemorySegment.NULL);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_getname}, {@code fi_fabric}: three pointers. */
  static int call(MemorySegment function, MemorySegment a, MemorySegment b, MemorySegment c) {
    try {
      return (int) INT_PPP.invokeExact(function, a, b, c);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_domain}, {@code fi_av_open}, {@code fi_cq_open}, {@code fi_endpoint}. */
  static int open(
      MemorySegment function, MemorySegment parent, MemorySegment how, MemorySegment result) {
    try {
      return (int) INT_PPPP.invokeExact(function, parent, how, result, MemorySegment.NULL);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_av_insert} of one address. */
  static int insert(
      MemorySegment function, MemorySegment av, MemorySegment address, MemorySegment result) {
    try {
      return (int) AV_INSERT.invokeExact(function, av, address, 1L, result, 0L, MemorySegment.NULL);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_mr_reg}. */
  static int register(
      MemorySegment function,
      MemorySegment domain,
      MemorySegment memory,
      long access,
      long key,
      MemorySegment result) {
    try {
      return (int)
          MR_REG.invokeExact(
              function,
              domain,
              memory,
              memory.byteSize(),
              access,
              0L,
              key,
              0L,
              result,
              MemorySegment.NULL);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  // ---- for every message --------------------------------------------------------------------
  // Addresses as numbers: a segment for each is an object, and one of a shared arena is held and
  // let go of by two atomic operations a call. Who calls has looked that all of it is open.

  /** {@code fi_send} and {@code fi_recv}. */
  static long message(
      MemorySegment function,
      long endpoint,
      long buffer,
      long length,
      long descriptor,
      long peer,
      long context) {
    try {
      return (long)
          MESSAGE.invokeExact(function, endpoint, buffer, length, descriptor, peer, context);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_inject}. */
  static long inject(MemorySegment function, long endpoint, long buffer, long length, long peer) {
    try {
      return (long) INJECT.invokeExact(function, endpoint, buffer, length, peer);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_read}. */
  static long remote(
      MemorySegment function,
      long endpoint,
      long buffer,
      long length,
      long descriptor,
      long peer,
      long address,
      long key,
      long context) {
    try {
      return (long)
          RMA.invokeExact(
              function, endpoint, buffer, length, descriptor, peer, address, key, context);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_cq_read} and {@code fi_cq_readerr}. */
  static long completions(MemorySegment function, long queue, long into, long argument) {
    try {
      return (long) COMPLETIONS.invokeExact(function, queue, into, argument);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_cq_strerror}. */
  static MemorySegment completionError(
      MemorySegment function, MemorySegment queue, int error, MemorySegment data) {
    try {
      return (MemorySegment)
          CQ_STRERROR.invokeExact(function, queue, error, data, MemorySegment.NULL, 0L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_getinfo}. */
  static int getInfo(
      MemorySegment function,
      int version,
      MemorySegment node,
      long flags,
      MemorySegment hints,
      MemorySegment result) {
    try {
      return (int)
          GETINFO.invokeExact(function, version, node, MemorySegment.NULL, flags, hints, result);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_dupinfo}. */
  static MemorySegment pointerOf(MemorySegment function, MemorySegment argument) {
    try {
      return (MemorySegment) POINTER_P.invokeExact(function, argument);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_strerror}. */
  static MemorySegment pointerOf(MemorySegment function, int argument) {
    try {
      return (MemorySegment) POINTER_I.invokeExact(function, argument);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code fi_freeinfo}. */
  static void free(MemorySegment function, MemorySegment argument) {
    try {
      VOID_P.invokeExact(function, argument);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code sigaction}. */
  static int sigaction(
      MemorySegment function, int signal, MemorySegment action, MemorySegment former) {
    try {
      return (int) INT_IPP.invokeExact(function, signal, action, former);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code process_vm_readv} of one piece. */
  static long readProcess(
      MemorySegment function, int process, MemorySegment here, MemorySegment there) {
    try {
      return (long) PROCESS_VM_READV.invokeExact(function, process, here, 1L, there, 1L, 0L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code mmap} of memory that belongs to no file; an address, or -1. */
  static long map(MemorySegment function, long sizeBytes, int protection, int flags) {
    try {
      return (long) MMAP.invokeExact(function, 0L, sizeBytes, protection, flags, -1, 0L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code madvise}. */
  static int advise(MemorySegment function, long address, long sizeBytes, int advice) {
    try {
      return (int) MADVISE.invokeExact(function, address, sizeBytes, advice);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code munmap}. */
  static int unmap(MemorySegment function, long address, long sizeBytes) {
    try {
      return (int) MUNMAP.invokeExact(function, address, sizeBytes);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code setenv}. */
  static int setEnvironment(MemorySegment function, MemorySegment name, MemorySegment value) {
    try {
      return (int) INT_PPI.invokeExact(function, name, value, 0);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }
}
