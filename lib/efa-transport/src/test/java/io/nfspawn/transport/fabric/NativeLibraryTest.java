package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.fabric.FabricLibrary.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bindings against the real library: two endpoints in this process. */
class NativeLibraryTest {
  private static final int SEND = 1;
  private static final int RECEIVE = 2;
  private static final int READ = 3;

  private final List<Integer> done = new ArrayList<>();
  private final RdmEndpoint.Completions completions =
      new RdmEndpoint.Completions() {
        @Override
        public void onDone(int operation, int lengthBytes) {
          done.add(operation);
        }

        @Override
        public void onFailed(int operation, int error, String reason) {
          throw new AssertionError(operation + ": " + reason);
        }
      };

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldSendAndReadBetweenTwoEndpoints(String provider) {
    FabricLibrary library = Fabrics.library();
    try (Memory memory = library.allocate(1 << 21);
        RdmEndpoint one = library.open(provider, "127.0.0.1", 0);
        RdmEndpoint two = library.open(provider, "127.0.0.1", 0);
        MemoryRegion mine = one.register(memory.buffer().slice(0, 1 << 20), true);
        MemoryRegion theirs = two.register(memory.buffer().slice(1 << 20, 1 << 20), true)) {
      long peer = one.insert(two.address());
      ByteBuffer bytes = memory.buffer();
      for (int i = 0; i < 1 << 20; i++) {
        bytes.put(i, (byte) (i * 31));
      }
      assertThat(two.receive(RECEIVE, theirs, 0, 4096)).isTrue();
      until(one, two, () -> one.send(SEND, peer, mine, 64, 1000));
      until(one, two, () -> done.containsAll(List.of(SEND, RECEIVE)));
      assertThat(bytes.slice(1 << 20, 1000)).isEqualTo(bytes.slice(64, 1000));
      long back = two.insert(one.address());
      until(
          one,
          two,
          () -> two.read(READ, back, theirs, 4096, 1_000_000, mine.remoteAddress(8), mine.key()));
      until(one, two, () -> done.contains(READ));
      assertThat(bytes.slice((1 << 20) + 4096, 1_000_000)).isEqualTo(bytes.slice(8, 1_000_000));
    }
  }

  private interface Step {
    boolean done();
  }

  private void until(RdmEndpoint one, RdmEndpoint two, Step step) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!step.done()) {
      one.poll(completions);
      two.poll(completions);
      assertThat(System.nanoTime()).isLessThan(end);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldInjectMessagesWhoseMemoryIsUsedAgainAtOnce(String provider) {
    FabricLibrary library = Fabrics.library();
    try (Memory memory = library.allocate(8192);
        RdmEndpoint one = library.open(provider, "127.0.0.1", 0);
        RdmEndpoint two = library.open(provider, "127.0.0.1", 0);
        MemoryRegion mine = one.register(memory.buffer().slice(0, 4096), true);
        MemoryRegion theirs = two.register(memory.buffer().slice(4096, 4096), true)) {
      int most = one.mostInjectedBytes();
      assertThat(most).isBetween(1, 4096);
      assertThat(two.receive(RECEIVE, theirs, 0, 4096)).isTrue();
      assertThat(two.isSettled()).as("something was posted").isFalse();
      long peer = one.insert(two.address());
      memory.buffer().put(0, (byte) 42).put(most - 1, (byte) 43);
      until(one, two, () -> one.inject(peer, mine, 0, most));
      memory.buffer().put(0, (byte) 0).put(most - 1, (byte) 0);
      until(one, two, () -> done.contains(RECEIVE));
      assertThat(memory.buffer().get(4096)).isEqualTo((byte) 42);
      assertThat(memory.buffer().get(4096 + most - 1)).isEqualTo((byte) 43);
      until(one, two, () -> one.isSettled() && two.isSettled());
      assertThat(done).as("nothing is told of the end of an injection").containsExactly(RECEIVE);
      assertThatThrownBy(() -> one.inject(peer, mine, 0, most + 1L))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldRefuseEveryCallAfterClose(String provider) {
    FabricLibrary library = Fabrics.library();
    try (Memory memory = library.allocate(4096);
        RdmEndpoint other = library.open(provider, "127.0.0.1", 0);
        MemoryRegion open = other.register(memory.buffer(), true)) {
      RdmEndpoint endpoint = library.open(provider, "127.0.0.1", 0);
      MemoryRegion region = endpoint.register(memory.buffer(), true);
      long peer = endpoint.insert(other.address());
      region.close();
      region.close();
      refused(
          "what fi_mr_reg opened has been closed",
          () -> endpoint.receive(0, region, 0, 10),
          () -> endpoint.send(0, peer, region, 0, 10),
          () -> endpoint.inject(peer, region, 0, 10),
          () -> endpoint.read(0, peer, region, 0, 10, open.remoteAddress(0), open.key()));
      endpoint.close();
      endpoint.close();
      refused("what fi_cq_open opened has been closed", () -> endpoint.poll(completions));
      refused("what fi_av_open opened has been closed", () -> endpoint.insert(other.address()));
      refused(
          "what fi_endpoint opened has been closed",
          () -> endpoint.register(memory.buffer(), true),
          () -> endpoint.receive(0, open, 0, 10),
          () -> endpoint.send(0, peer, open, 0, 10),
          () -> endpoint.inject(peer, open, 0, 10),
          () -> endpoint.read(0, peer, open, 0, 10, open.remoteAddress(0), open.key()));
      assertThat(endpoint.address()).as("no call of the library").isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldRefuseMemoryThatHasBeenFreed(String provider) {
    FabricLibrary library = Fabrics.library();
    try (RdmEndpoint endpoint = library.open(provider, "127.0.0.1", 0)) {
      Memory memory = library.allocate(4096);
      try (MemoryRegion region = endpoint.register(memory.buffer(), true)) {
        memory.close();
        refused("registered memory has been freed", () -> endpoint.receive(0, region, 0, 10));
      }
    }
  }

  private static void refused(String text, ThrowingCallable... calls) {
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessage(text);
    }
  }
}
