package io.nfspawn.transport.fabric;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The libfabric of this machine, or the reason why a test is skipped. */
public final class Fabrics {
  /** What a wire maps of a peer's region; of its own it maps more. */
  private static final long PEER_HEAD_BYTES = 256;

  private Fabrics() {}

  public static FabricLibrary library() {
    Libfabric.Probe probe = Libfabric.probe();
    assumeTrue(probe.isAvailable(), probe.absence());
    return Objects.requireNonNull(probe.library());
  }

  /** A libfabric on a machine where no process may read another's memory: it reads by itself. */
  public static FabricLibrary whereMemoryIsPrivate() {
    return replacing("memoryOf", new PrivateMemory());
  }

  /** A libfabric where every peer on this host removes its region just before it is mapped. */
  static FabricLibrary wherePeersGo() {
    return with(
        (real, called, arguments) -> {
          if (called.getName().equals("map") && (Long) arguments[1] <= PEER_HEAD_BYTES) {
            Files.delete((Path) arguments[0]);
          }
          return called.invoke(real, arguments);
        });
  }

  private static FabricLibrary replacing(String method, Object answer) {
    return with(
        (real, called, arguments) ->
            called.getName().equals(method) ? answer : called.invoke(real, arguments));
  }

  private static FabricLibrary with(InvocationHandler change) {
    FabricLibrary real = library();
    return (FabricLibrary)
        Proxy.newProxyInstance(
            FabricLibrary.class.getClassLoader(),
            new Class<?>[] {FabricLibrary.class},
            (proxy, called, arguments) -> {
              try {
                return change.invoke(real, called, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static final class PrivateMemory implements PeerMemory {
    @Override
    public boolean read(long address, ByteBuffer into, int lengthBytes) {
      return false;
    }

    @Override
    public boolean read(long address, MemoryRegion into, int lengthBytes) {
      return false;
    }
  }
}
