package io.nfspawn.transport.fabric;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The libfabric of this machine, or the reason why a test is skipped. */
public final class Fabrics {
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

  private static FabricLibrary replacing(String method, Object answer) {
    FabricLibrary real = library();
    return (FabricLibrary)
        Proxy.newProxyInstance(
            FabricLibrary.class.getClassLoader(),
            new Class<?>[] {FabricLibrary.class},
            (proxy, called, arguments) -> {
              try {
                return called.getName().equals(method) ? answer : called.invoke(real, arguments);
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
