package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.fabric.FabricLibrary.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slabs that are cut from blocks: apart, zeroed, found by address, freed together. */
class SlabPoolTest {
  private static final int HUGE_PAGE_BYTES = 2 << 20;

  private final FabricLibrary library = Fabrics.library();

  @Test
  void shouldBeginAtAHugePageWhenMemoryIsLong() {
    for (int sizeBytes : new int[] {HUGE_PAGE_BYTES, 5 << 20}) {
      try (Memory memory = library.allocate(sizeBytes)) {
        assertThat(library.addressOf(memory.buffer()) % HUGE_PAGE_BYTES).isZero();
        assertThat(memory.buffer().capacity()).isEqualTo(sizeBytes);
        assertThat(memory.buffer().get(sizeBytes - 1)).isZero();
        memory.buffer().put(sizeBytes - 1, (byte) 1);
      }
    }
  }

  @Test
  void shouldCutSlabsThatLieApartFromEachOther() {
    SlabPool pool = new SlabPool(library);
    List<Slab> slabs = new ArrayList<>();
    int[] lengths = {1, 1 << 20, 100_000, 1 << 20, 3 << 20, 1 << 20, 16_385, 700_000, 1};
    for (int i = 0; i < lengths.length; i++) {
      Slab slab = pool.acquire(lengths[i]);
      assertThat(slab.sizeBytes).isGreaterThanOrEqualTo(lengths[i]);
      assertThat(slab.address % 4096).isZero();
      fill(slab, (byte) i);
      slabs.add(slab);
    }
    for (int i = 0; i < slabs.size(); i++) {
      Slab slab = slabs.get(i);
      assertThat(slab.buffer().get(0)).isEqualTo((byte) i);
      assertThat(slab.buffer().get(slab.sizeBytes - 1)).isEqualTo((byte) i);
      assertThat(pool.find(slab.address)).isSameAs(slab);
      assertThat(pool.find(slab.address + slab.sizeBytes - 1)).isSameAs(slab);
    }
    slabs.forEach(pool::release);
    assertThat(pool.heldBytes()).isZero();
    assertThat(pool.acquire(1 << 20)).as("the last that was given back").isSameAs(slabs.get(7));
    pool.close();
    ByteBuffer late = slabs.get(0).buffer();
    assertThatThrownBy(() -> late.get(0)).isInstanceOf(IllegalStateException.class);
  }

  private static void fill(Slab slab, byte value) {
    for (int i = 0; i < slab.sizeBytes; i++) {
      slab.buffer().put(i, value);
    }
  }
}
