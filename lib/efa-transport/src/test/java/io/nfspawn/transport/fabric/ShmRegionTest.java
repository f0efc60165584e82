package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.FabricLibrary.Memory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a shm region's words tell without a call, beside what libfabric then does. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ShmRegionTest {
  private static final int RECEIVE = 1;
  private static final int MESSAGES = 3000; // More than the queue of commands has places.

  private static final class Count implements RdmEndpoint.Completions {
    private int done;

    @Override
    public void onDone(int operation, int lengthBytes) {
      done++;
    }

    @Override
    public void onFailed(int operation, int error, String reason) {
      throw new IllegalStateException(reason);
    }
  }

  private static ShmRegion of(FabricLibrary library, RdmEndpoint endpoint) {
    String name = new String(endpoint.address(), StandardCharsets.US_ASCII);
    int end = name.indexOf('\0');
    String region = (end < 0 ? name : name.substring(0, end)).replace("fi_shm://", "");
    ShmRegion found = ShmRegion.ofOwn(library, Path.of("/dev/shm", region));
    assertThat(found).as(name).isNotNull();
    return found;
  }

  @Test
  void shouldTellWhenMessageHasComeAndWhenItIsTaken() {
    FabricLibrary library = Fabrics.library();
    assumeTrue(library.version().startsWith("1.17"), "counters are known of libfabric 1.17");
    try (Memory memory = library.allocate(1 << 20);
        RdmEndpoint here = library.open("shm", "127.0.0.1", 0);
        RdmEndpoint there = library.open("shm", "127.0.0.1", 0);
        MemoryRegion from = here.register(memory.buffer().slice(0, 1 << 19), false);
        MemoryRegion into = there.register(memory.buffer().slice(1 << 19, 1 << 19), true);
        ShmRegion region = of(library, there)) {
      Count nothing = new Count();
      Count taken = new Count();
      long peer = here.insert(there.address());
      assertThat(there.receive(RECEIVE, into, 0, 4096)).isTrue();
      // Until the two know each other.
      while (!here.inject(peer, from, 0, 64)) {
        here.poll(nothing);
        there.poll(taken);
      }
      take(there, into, taken, 1);
      for (int i = 2; i <= MESSAGES; i++) {
        assertThat(region.isEmpty()).as("before message %d", i).isTrue();
        assertThat(region.isHeld()).isFalse();
        assertThat(here.inject(peer, from, 0, 64)).isTrue();
        assertThat(region.isEmpty()).as("with message %d", i).isFalse();
        take(there, into, taken, i);
      }
    }
  }

  /** Takes what is there and makes room for one more. */
  private static void take(RdmEndpoint at, MemoryRegion into, Count taken, int count) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (taken.done < count && System.nanoTime() - end < 0) {
      at.poll(taken);
    }
    assertThat(taken.done).isEqualTo(count);
    assertThat(at.receive(RECEIVE, into, 0, 4096)).isTrue();
    at.poll(taken);
  }
}
