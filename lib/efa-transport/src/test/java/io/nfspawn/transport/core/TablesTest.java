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
  void shouldHoldNumbersThatFollowEachOtherWhenTheyWrapRoundTheTable() {
    NumberMap<String> table = new NumberMap<>();
    Map<Long, String> expected = new HashMap<>();
    for (int step = 0; step < 5000; step++) {
      long number = Long.MAX_VALUE - 2000 + step;
      long wide = random.nextInt(10) == 0 ? number << 20 : number;
      table.put(wide, "v" + wide);
      expected.put(wide, "v" + wide);
      long old = number - random.nextInt(60);
      assertThat(table.remove(old)).as("seed " + SEED).isEqualTo(expected.remove(old));
      assertThat(table.get(wide)).as("seed " + SEED).isEqualTo(expected.get(wide));
    }
    assertThat(table.numbers()).containsExactlyInAnyOrderElementsOf(expected.keySet());
  }

  @Test
  void shouldKnowEveryKeyAndNoOtherWhenKeysAscend() {
    SeenKeys keys = new SeenKeys(true);
    for (int i = 0; i < STEPS; i++) {
      assertThat(add(keys, key(i), i)).isEqualTo(i);
    }
    for (int i = 0; i < STEPS; i++) {
      assertThat(find(keys, key(i))).isEqualTo(i);
      assertThat(keys.hasPayload(i, i, 2 * i)).isTrue();
      assertThat(keys.hasPayload(i, i, 2 * i + 1)).isFalse();
    }
    assertThat(find(keys, key(STEPS))).isNegative();
  }

  @Test
  void shouldKnowEveryKeyAndNoOtherWhenKeysComeInAnyOrder() {
    SeenKeys keys = new SeenKeys(true);
    Map<String, Integer> expected = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      byte[] key = key(random.nextInt(step + 1) + (random.nextInt(4) == 0 ? step : 0));
      String text = new String(key, StandardCharsets.UTF_8);
      Integer before = expected.get(text);
      if (before != null || random.nextInt(3) == 0) {
        // Looked for and, for want of room, not added.
        assertThat(find(keys, key)).as("seed " + SEED).isEqualTo(before == null ? -1 : before);
      } else {
        expected.put(text, add(keys, key, step));
      }
    }
    expected.forEach((key, number) -> assertThat(find(keys, utf8(key))).isEqualTo(number));
  }

  @Test
  void shouldKnowEveryKeyAndNoOtherWhenRunsBreakOffAndGoOn() {
    SeenKeys keys = new SeenKeys(true);
    Map<String, Integer> expected = new HashMap<>();
    String[] prefixes = {"", "a:", "b", "9:", "a:0", "é"};
    for (int round = 0; round < 300; round++) {
      String prefix = prefixes[random.nextInt(prefixes.length)];
      int from = random.nextInt(4) == 0 ? 990 + random.nextInt(20) : random.nextInt(5000);
      int count = random.nextInt(3) == 0 ? random.nextInt(300) : random.nextInt(70);
      for (int i = from; i < from + count; i++) {
        offer(keys, expected, prefix + i);
        if (random.nextInt(40) == 0) {
          offer(keys, expected, prefixes[random.nextInt(prefixes.length)] + random.nextInt(5000));
        }
      }
    }
    offer(keys, expected, "z99999999999999998");
    offer(keys, expected, "z99999999999999999");
    offer(keys, expected, "z100000000000000000");
    offer(keys, expected, "z100000000000000001");
    expected.forEach(
        (key, number) -> {
          assertThat(find(keys, utf8(key))).as("%s, seed %d", key, SEED).isEqualTo(number);
          assertThat(keys.hasPayload(number, number, 2 * number)).isTrue();
          assertThat(keys.hasPayload(number, number + 1, 2 * number)).isFalse();
        });
  }

  private void offer(SeenKeys keys, Map<String, Integer> expected, String text) {
    byte[] key = utf8(text);
    Integer before = expected.get(text);
    if (before == null && random.nextInt(50) > 0) {
      expected.put(text, add(keys, key, expected.size()));
    } else {
      // Looked for and, for want of room, not added.
      assertThat(find(keys, key))
          .as("%s, seed %d", text, SEED)
          .isEqualTo(before == null ? -1 : before);
    }
  }

  private static int add(SeenKeys keys, byte[] key, int payload) {
    assertThat(find(keys, key)).isNegative();
    return keys.add(key, 0, key.length, payload, 2 * payload);
  }

  private static int find(SeenKeys keys, byte[] key) {
    return keys.find(key, 0, key.length);
  }

  @Test
  void shouldOrderKeysByTheNumbersInThem() {
    String[] ascending =
        ",a,a.,a:,a0,a00,header,z,0,0:,0:9,0:10,0:19,0:100,1,1x9,1x10,1x10y,9,10,11,99:99,100:0"
            .split(",");
    for (int i = 0; i < ascending.length; i++) {
      for (int j = 0; j < ascending.length; j++) {
        KeyOrder order = new KeyOrder();
        byte[] greatest = utf8("-" + ascending[i]);
        order.add(greatest, 1, greatest.length);
        byte[] key = utf8("--" + ascending[j]);
        assertThat(order.isAbove(key, 2, key.length))
            .as("%s above %s", ascending[j], ascending[i])
            .isEqualTo(j > i);
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] key(int i) {
    return utf8("0:" + i * 65_536L);
  }
}
