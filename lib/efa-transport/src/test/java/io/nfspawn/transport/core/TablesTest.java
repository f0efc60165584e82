package io.nfspawn.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.ItemKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tables of the channel against the collections of the JDK, by random steps. */
class TablesTest {
  private static final long SEED = Long.getLong("spawn.seed", 20261121);
  private static final int STEPS = 50_000;

  private final Random random = new Random(SEED);

  @Test
  void shouldHoldWhatMapHoldsWhenNumbersComeAndGo() {
    NumberMap<String> table = new NumberMap<>();
    Map<Long, String> expected = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      long number = random.nextLong(300) - 20;
      if (random.nextInt(5) < 2) {
        assertThat(table.put(number, "v" + step)).isEqualTo(expected.put(number, "v" + step));
      } else if (random.nextBoolean()) {
        assertThat(table.remove(number)).as("seed " + SEED).isEqualTo(expected.remove(number));
      } else {
        assertThat(table.get(number)).as("seed " + SEED).isEqualTo(expected.get(number));
      }
    }
    assertThat(table.size()).isEqualTo(expected.size());
    assertThat(table.numbers()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    assertThat(table.values()).containsExactlyInAnyOrderElementsOf(expected.values());
  }

  @Test
  void shouldKeepItemsInOrderOfTheirNumbersWhenSomeComeBack() {
    ItemQueue queue = new ItemQueue();
    TreeMap<Long, Item> expected = new TreeMap<>();
    long top = 0;
    for (int step = 0; step < STEPS; step++) {
      long number = random.nextInt(3) == 0 ? Math.max(0, top - random.nextInt(200)) : top++;
      Item item = new Item(number, ItemKey.of("k"), ByteBuffer.allocate(0), null);
      if (expected.putIfAbsent(number, item) == null) {
        assertThat(queue.add(item)).as("seed " + SEED).isTrue();
      }
      for (int i = random.nextInt(3); i > 0 && !expected.isEmpty(); i--) {
        Item gone =
            random.nextInt(4) > 0
                ? expected.firstEntry().getValue()
                : expected.floorEntry(Math.max(expected.firstKey(), top / 2)).getValue();
        expected.remove(gone.number);
        assertThat(queue.remove(gone)).as("seed " + SEED).isTrue();
        assertThat(queue.remove(gone)).isFalse();
      }
    }
    List<Item> left = new java.util.ArrayList<>();
    for (Item item = queue.after(-1); item != null; item = queue.after(item.number)) {
      left.add(item);
    }
    assertThat(left).containsExactlyElementsOf(expected.values());
    assertThat(queue.size()).isEqualTo(left.size());
  }

  @Test
  void shouldKnowEveryKeyAndNoOther() {
    SeenKeys<String> keys = new SeenKeys<>();
    for (int i = 0; i < STEPS; i++) {
      byte[] key = key(i);
      assertThat(keys.find(key)).isNegative();
      keys.add("open" + i, i, 2 * i);
      if (i % 3 == 0) {
        keys.close(keys.first(), keys.second());
      }
    }
    for (int i = 0; i < STEPS; i++) {
      byte[] key = key(i);
      int place = keys.find(ByteBuffer.wrap(key), 0, key.length);
      assertThat(place).isNotNegative();
      assertThat(keys.hasPayload(place, i, 2 * i)).isTrue();
      assertThat(keys.hasPayload(place, i, 2 * i + 1)).isFalse();
      assertThat(keys.open()).isEqualTo(i % 3 == 0 ? null : "open" + i);
    }
    assertThat(keys.find(key(STEPS))).isNegative();
  }

  private static byte[] key(int i) {
    return ("0:" + i * 65_536L).getBytes(StandardCharsets.UTF_8);
  }
}
