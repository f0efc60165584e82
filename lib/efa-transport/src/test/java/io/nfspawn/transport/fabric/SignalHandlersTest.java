package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** libfabric's signal handlers must not stay: the JVM's own implicit null checks need them. */
class SignalHandlersTest {
  private static final int PROVOKED = 100_000;

  private static int length(int @Nullable [] array) {
    return array.length;
  }

  @Test
  void shouldSurviveImplicitNullChecksAfterLoadingAndOpening() throws IOException {
    FabricLibrary library = Fabrics.library();
    try (RdmEndpoint endpoint = library.open("shm", "127.0.0.1", 0)) {
      String name = new String(endpoint.address(), StandardCharsets.US_ASCII).strip();
      Path region = Path.of("/dev/shm", name.substring("fi_shm://".length()).replace("\0", ""));
      int[] array = new int[3];
      long sum = 0;
      int caught = 0;
      for (int i = 0; i < 1000 * PROVOKED && caught < PROVOKED; i++) {
        try {
          // Mostly sound, so that the compiler leaves the check to the processor.
          sum += length(i > PROVOKED && i % 3 == 0 ? null : array);
        } catch (NullPointerException e) {
          caught++;
        }
      }
      assertThat(caught).isEqualTo(PROVOKED);
      assertThat(sum).isPositive();
      assertThat(Files.exists(region)).as("shm's handler has removed %s", region).isTrue();
      assertThat(HexFormat.of().formatHex(endpoint.address())).isNotEmpty();
    }
  }
}
