package io.nfspawn.bams3.codec.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every implementation of deflate must do. */
abstract class DeflateContract {
  private static final int BLOCK_BYTES = 0xff00;
  private static final int MARGIN_BYTES = 7;

  abstract DeflateLibrary library();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void shouldGiveBackWhatWasDeflated(int level) throws Exception {
    for (int size : new int[] {1, 2, 300, 4096, BLOCK_BYTES}) {
      byte[] text = text(size, level);
      byte[] deflated = deflate(text, level, 1 << 16);
      assertThat(inflate(deflated, text.length)).as("level %d", level).isEqualTo(text);
      assertThat(byTheJdk(deflated, text.length)).isEqualTo(text);
    }
  }

  @Test
  void shouldInflateWhatAnotherOneDeflated() {
    byte[] text = text(BLOCK_BYTES, 5);
    try (BlockDeflater deflater = new JdkDeflate().deflater(6)) {
      byte[] deflated = new byte[BLOCK_BYTES];
      int used = deflater.deflate(text, 0, text.length, deflated, 0, deflated.length);
      assertThat(inflate(Arrays.copyOf(deflated, used), text.length)).isEqualTo(text);
    }
  }

  @Test
  void shouldInflateNothing() {
    assertThat(inflate(new byte[] {3, 0}, 0)).isEmpty();
  }

  @Test
  void shouldSayThatItDoesNotFit() {
    byte[] noise = new byte[5000];
    new Random(3).nextBytes(noise);
    assertThat(deflate(noise, 1, 4999)).isEmpty();
  }

  @Test
  void shouldRefuseAnotherLength() {
    byte[] text = text(1000, 1);
    byte[] deflated = deflate(text, 6, 2000);
    assertThat(inflate(deflated, 999)).isNull();
    assertThat(inflate(deflated, 1001)).isNull();
    assertThat(inflate(Arrays.copyOf(deflated, deflated.length - 3), 1000)).isNull();
    assertThat(inflate(deflated, 1000)).isEqualTo(text);
  }

  @Test
  void shouldNeverWriteOutsideWhenDamaged() {
    byte[] text = text(3000, 2);
    byte[] deflated = deflate(text, 6, 4000);
    CRC32 right = new CRC32();
    right.update(text);
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      byte[] mutant = deflated.clone();
      mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
      byte[] inflated = inflate(mutant, text.length); // checks the margins
      assertThat(inflated == null || inflated.length == text.length).as("seed %d", seed).isTrue();
    }
  }

  private byte[] deflate(byte[] text, int level, int room) {
    byte[] source = new byte[text.length + 2 * MARGIN_BYTES];
    System.arraycopy(text, 0, source, MARGIN_BYTES, text.length);
    byte[] target = new byte[room + 2 * MARGIN_BYTES];
    try (BlockDeflater deflater = library().deflater(level)) {
      deflater.deflate(source, MARGIN_BYTES, 1, target, MARGIN_BYTES, room); // leaves no trace
      int used = deflater.deflate(source, MARGIN_BYTES, text.length, target, MARGIN_BYTES, room);
      assertThat(Arrays.copyOfRange(target, room + MARGIN_BYTES, target.length)).containsOnly(0);
      return Arrays.copyOfRange(target, MARGIN_BYTES, MARGIN_BYTES + used);
    }
  }

  /** Null when refused. */
  private byte[] inflate(byte[] deflated, int expected) {
    byte[] source = new byte[deflated.length + 2 * MARGIN_BYTES];
    System.arraycopy(deflated, 0, source, MARGIN_BYTES, deflated.length);
    byte[] target = new byte[expected + 2 * MARGIN_BYTES];
    try (BlockInflater inflater = library().inflater()) {
      boolean whole =
          inflater.inflate(source, MARGIN_BYTES, deflated.length, target, MARGIN_BYTES, expected);
      assertThat(Arrays.copyOf(target, MARGIN_BYTES)).containsOnly(0);
      assertThat(Arrays.copyOfRange(target, expected + MARGIN_BYTES, target.length))
          .containsOnly(0);
      return whole ? Arrays.copyOfRange(target, MARGIN_BYTES, MARGIN_BYTES + expected) : null;
    }
  }

  private static byte[] byTheJdk(byte[] deflated, int length) throws Exception {
    Inflater inflater = new Inflater(true);
    inflater.setInput(deflated);
    byte[] text = new byte[length];
    assertThat(inflater.inflate(text)).isEqualTo(length);
    inflater.end();
    return text;
  }

  /** Some order, so that it shrinks. */
  private static byte[] text(int size, int seed) {
    Random random = new Random(seed);
    byte[] text = new byte[size];
    for (int i = 0; i < size; i++) {
      text[i] = (byte) (i > 50 && random.nextInt(3) != 0 ? text[i - 50] : random.nextInt(256));
    }
    return text;
  }
}
