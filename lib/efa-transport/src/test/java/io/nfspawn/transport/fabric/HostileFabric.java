package io.nfspawn.transport.fabric;

import io.nfspawn.transport.fabric.RdmEndpoint.Completions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The real libfabric, behind endpoints that do all a provider may do: say "again", tell completions
 * late and in any order, and, where asked for, lose messages. From a seed.
 */
public final class HostileFabric {
  /**
   * What happens.
   *
   * @param again how often an endpoint is not ready, in thousandths
   * @param late how often a completion waits, in thousandths
   * @param lost messages that get lost: each time after so many that did not
   */
  public record Faults(int again, int late, List<Integer> lost) {}

  /** Messages that were lost so far. */
  public final AtomicLong lost = new AtomicLong();

  /** How often an endpoint said "again" although it had room. */
  public final AtomicLong again = new AtomicLong();

  /** Reads of another's memory that were posted. */
  public final AtomicLong reads = new AtomicLong();

  private final FabricLibrary real;
  private final Faults faults;
  private final long seed;
  private final Deque<Integer> losses;
  private int untilLoss;

  public HostileFabric(FabricLibrary real, Faults faults, long seed) {
    this.real = real;
    this.faults = faults;
    this.seed = seed;
    this.losses = new ArrayDeque<>(faults.lost);
    this.untilLoss = losses.isEmpty() ? 0 : losses.peek();
  }

  public FabricLibrary library() {
    return proxy(
        FabricLibrary.class,
        real,
        (self, method, arguments) -> {
          Object result = method.invoke(real, arguments);
          return result instanceof RdmEndpoint endpoint
              ? proxy(RdmEndpoint.class, endpoint, new Endpoint(endpoint))
              : result;
        });
  }

  private static <T> T proxy(Class<T> type, T real, InvocationHandler handler) {
    InvocationHandler unwrapping =
        (self, method, arguments) -> {
          try {
            return handler.invoke(real, method, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, unwrapping));
  }

  /** One endpoint; called by one thread at a time, as the real one. */
  private final class Endpoint implements InvocationHandler {
    private final RdmEndpoint endpoint;
    private final Random dice = new Random(seed);
    private final List<Runnable> held = new ArrayList<>();
    private Completions to;

    Endpoint(RdmEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public Object invoke(Object self, java.lang.reflect.Method method, Object[] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "send", "inject", "read", "receive" -> {
          if (dice.nextInt(1000) < faults.again) {
            again.incrementAndGet();
            return false;
          }
          if (method.getName().equals("inject") && isLost()) {
            return true;
          }
          if (method.getName().equals("send") && isLost()) {
            int operation = (Integer) arguments[0];
            held.add(() -> to.onDone(operation, 0));
            return true;
          }
        }
        case "isSettled" -> {
          return held.isEmpty() && endpoint.isSettled();
        }
        case "poll" -> {
          return poll((Completions) arguments[0]);
        }
        default -> {}
      }
      Object result = method.invoke(endpoint, arguments);
      if (method.getName().equals("read") && Boolean.TRUE.equals(result)) {
        reads.incrementAndGet();
      }
      return result;
    }

    private boolean isLost() {
      synchronized (losses) {
        boolean due = !losses.isEmpty() && --untilLoss <= 0;
        if (due) {
          losses.remove();
          untilLoss = losses.isEmpty() ? 0 : losses.peek();
          lost.incrementAndGet();
        }
        return due;
      }
    }

    private int poll(Completions receiver) {
      to = receiver;
      endpoint.poll(
          new Completions() {
            @Override
            public void onDone(int operation, int lengthBytes) {
              held.add(() -> to.onDone(operation, lengthBytes));
            }

            @Override
            public void onFailed(int operation, int error, String reason) {
              held.add(() -> to.onFailed(operation, error, reason));
            }
          });
      List<Runnable> now = new ArrayList<>(held);
      held.clear();
      now.removeIf(each -> dice.nextInt(1000) < faults.late && held.add(each));
      Collections.shuffle(now, dice);
      now.forEach(Runnable::run);
      return now.size();
    }
  }
}
