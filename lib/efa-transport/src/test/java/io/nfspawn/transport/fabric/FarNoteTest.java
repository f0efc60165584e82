package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What is said of memory that is to be read. */
class FarNoteTest {
  private static final int RAILS = 32;
  private static final int LENGTH_BYTES = 100;

  private static ByteBuffer note(int places) {
    ByteBuffer out = ByteBuffer.allocate(8 + 16 * places);
    out.putInt(LENGTH_BYTES).putInt(places);
    for (int i = 0; i < places; i++) {
      out.putLong(1000L + i).putLong(i);
    }
    return out.flip();
  }

  /** So many that a wire over shared memory may have, and the address in the sender's process. */
  @Test
  void shouldBelieveAsManyRailsAsThereMayBeAndTheAddressBesides() {
    FarNote note = new FarNote().begin(LENGTH_BYTES);
    for (int i = 0; i <= RAILS; i++) {
      note.add(1000L + i, i);
    }
    ByteBuffer written = ByteBuffer.allocate(1024);
    note.write(written);
    FarNote read = new FarNote();
    assertThat(read.read(written.flip(), LENGTH_BYTES)).isTrue();
    assertThat(read.lengthBytes()).isEqualTo(LENGTH_BYTES);
    assertThat(read.places()).isEqualTo(RAILS + 1);
    assertThat(read.address(RAILS)).isEqualTo(1000L + RAILS);
    assertThat(read.key(RAILS)).isEqualTo(RAILS);
  }

  @Test
  void shouldNotBelieveMorePlacesLongerMemoryOrFewerBytes() {
    assertThat(new FarNote().read(note(RAILS + 2), LENGTH_BYTES)).as("places").isFalse();
    assertThat(new FarNote().read(note(0), LENGTH_BYTES)).as("no place").isFalse();
    assertThat(new FarNote().read(note(1), LENGTH_BYTES - 1)).as("length").isFalse();
    assertThat(new FarNote().read(note(2).limit(24), LENGTH_BYTES)).as("cut short").isFalse();
  }
}
