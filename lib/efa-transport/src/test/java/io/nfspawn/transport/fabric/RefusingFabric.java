package io.nfspawn.transport.fabric;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/** The real libfabric on a machine that lets it register less memory than it wants to. */
public final class RefusingFabric {
  /** Registrations that were refused. */
  public final AtomicInteger refused = new AtomicInteger();

  /** Of this memory, to be written to or not. */
  private volatile BiPredicate<ByteBuffer, Boolean> refuses;

  public RefusingFabric(BiPredicate<ByteBuffer, Boolean> refuses) {
    this.refuses = refuses;
  }

  /** From now on there is room. */
  public void relent() {
    refuses = (memory, written) -> false;
  }

  public FabricLibrary library() {
    FabricLibrary real = Fabrics.library();
    return proxy(
        FabricLibrary.class,
        (self, method, arguments) -> {
          Object result = method.invoke(real, arguments);
          return result instanceof RdmEndpoint endpoint ? refusing(endpoint) : result;
        });
  }

  RdmEndpoint refusing(RdmEndpoint endpoint) {
    return proxy(
        RdmEndpoint.class,
        (self, method, arguments) -> {
          if (method.getName().equals("register")
              && refuses.test((ByteBuffer) arguments[0], (Boolean) arguments[1])) {
            refused.incrementAndGet();
            throw new FabricException("fi_mr_reg", 12, "Cannot allocate memory");
          }
          return method.invoke(endpoint, arguments);
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    InvocationHandler unwrapping =
        (self, method, arguments) -> {
          try {
            return handler.invoke(self, method, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, unwrapping));
  }
}
