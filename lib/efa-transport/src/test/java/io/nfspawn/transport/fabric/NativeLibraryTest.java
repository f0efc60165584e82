package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.fabric.FabricLibrary.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
  void shouldRefuseEveryCallAfterClose(String provider) {
    FabricLibrary library = Fabrics.library();
    try (Memory memory = library.allocate(4096)) {
      RdmEndpoint endpoint = library.open(provider, "127.0.0.1", 0);
      MemoryRegion region = endpoint.register(memory.buffer(), true);
      region.close();
      assertThatThrownBy(() -> endpoint.receive(0, region, 0, 10))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("what fi_mr_reg opened has been closed");
      endpoint.close();
      endpoint.close();
      assertThatThrownBy(() -> endpoint.poll(completions))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("what fi_cq_open opened has been closed");
      assertThatThrownBy(() -> endpoint.insert(new byte[16]))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
