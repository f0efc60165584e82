package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a device refuses leaves nothing behind, and what cannot be closed keeps nothing open. */
class RegistrationsTest {
  private static final int SLOT_BYTES = 1024;

  private final AtomicInteger open = new AtomicInteger();

  /** Registers so often, then refuses. */
  private RdmEndpoint endpoint(int times) {
    AtomicInteger left = new AtomicInteger(times);
    return fake(
        RdmEndpoint.class,
        () -> {
          if (left.getAndDecrement() <= 0) {
            throw new FabricException("fi_mr_reg", 12, "Cannot allocate memory");
          }
          open.incrementAndGet();
          return fake(MemoryRegion.class, open::decrementAndGet);
        });
  }

  /** Answers every call in that way. */
  private static <T> T fake(Class<T> type, java.util.function.Supplier<Object> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object result = answer.get();
              return method.getReturnType() == void.class ? null : result;
            }));
  }

  @Test
  void shouldCloseWhatWasRegisteredWhenALaterRailRefuses() {
    List<RdmEndpoint> rails = List.of(endpoint(1), endpoint(1), endpoint(0));
    ByteBuffer memory = ByteBuffer.allocateDirect(10);
    assertThatThrownBy(() -> Registrations.of(rails, memory, false))
        .isInstanceOf(FabricException.class)
        .hasMessage("fi_mr_reg failed: Cannot allocate memory (12)");
    assertThat(open.get()).isZero();
  }

  @Test
  void shouldKeepTheSlotsThereAreWhenMoreAreRefused() {
    AtomicInteger allocated = new AtomicInteger();
    Slots slots = new Slots(counting(allocated), endpoint(1), 0, 10 * Slots.BLOCK, SLOT_BYTES);
    assertThat(slots.grow()).isZero();
    assertThat(slots.grow()).isEqualTo(-1);
    assertThat(slots.size()).isEqualTo(Slots.BLOCK);
    assertThat(allocated.get()).isOne();
    slots.unregister();
    slots.free();
    assertThat(open.get()).isZero();
    assertThat(allocated.get()).isZero();
  }

  @Test
  void shouldFreeTheBlockWhenTheFirstIsRefused() {
    AtomicInteger allocated = new AtomicInteger();
    Slots slots = new Slots(counting(allocated), endpoint(0), 0, 10 * Slots.BLOCK, SLOT_BYTES);
    assertThatThrownBy(slots::grow).isInstanceOf(FabricException.class);
    assertThat(allocated.get()).isZero();
  }

  private static FabricLibrary counting(AtomicInteger allocated) {
    return fake(
        FabricLibrary.class,
        () -> {
          allocated.incrementAndGet();
          return new CountedMemory(allocated);
        });
  }

  private record CountedMemory(AtomicInteger allocated) implements FabricLibrary.Memory {
    @Override
    public ByteBuffer buffer() {
      return ByteBuffer.allocateDirect(SLOT_BYTES);
    }

    @Override
    public void close() {
      allocated.decrementAndGet();
    }
  }

  @Test
  void shouldTakeEveryStepOfAnEndWhenOneThrows() {
    AtomicInteger steps = new AtomicInteger();
    Runnable failing =
        () -> {
          steps.incrementAndGet();
          throw new IllegalStateException("step " + steps.get());
        };
    assertThatThrownBy(
            () -> new Closing().then(failing).thenEach(List.of(1, 2), i -> failing.run()).end())
        .hasMessage("step 1")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
    assertThat(steps.get()).isEqualTo(3);
  }
}
