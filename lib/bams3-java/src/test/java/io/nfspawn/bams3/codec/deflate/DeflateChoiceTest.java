package io.nfspawn.bams3.codec.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.codec.ffi.Libdeflate;
import org.junit.jupiter.api.Test;

class DeflateChoiceTest {

  @Test
  void shouldTakeTheFastestThatTheJvmCanCall() {
    String expected = Runtime.version().feature() >= 22 ? "libdeflate" : "jdk";
    assertThat(DeflateChoice.choose("").name()).isEqualTo(expected);
    assertThat(DeflateLibrary.best().name()).isEqualTo(expected);
  }

  @Test
  void shouldTakeTheOneThatIsNamed() {
    assertThat(DeflateChoice.choose("jdk").name()).isEqualTo("jdk");
    assertThatThrownBy(() -> DeflateChoice.choose("zopfli"))
        .hasMessage("-Dbams3.deflate=zopfli is not a deflate library; use libdeflate or jdk");
  }

  @Test
  void shouldSayWhyThereIsNone() {
    Libdeflate.Probe probe = Libdeflate.probe();
    if (Runtime.version().feature() < 22) {
      assertThat(probe.absence()).isEqualTo("Java 22 or newer can call it");
      assertThatThrownBy(() -> DeflateChoice.choose("libdeflate"))
          .hasMessage("-Dbams3.deflate=libdeflate: Java 22 or newer can call it");
    } else {
      assertThat(probe.absence()).isEmpty();
    }
  }
}
