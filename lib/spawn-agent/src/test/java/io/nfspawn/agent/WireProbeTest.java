package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WireProbeTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory;

  /** Stands for {@code spawn-channel}: prints what it was asked. */
  static final class Echo {
    public static void main(String[] args) {
      System.err.println("a complaint");
      System.out.println(String.join("\n", args));
    }
  }

  /** A native library's fault ends the process it is in. */
  static final class Crash {
    public static void main(String[] args) {
      System.err.println("the device is on fire");
      Runtime.getRuntime().halt(139);
    }
  }

  private static WireProbe probe(Class<?> program) {
    return new WireProbe(System.getProperty("java.class.path"), program.getName(), LIMIT);
  }

  @Test
  void shouldAnnounceWhatTheSelfTestPrints() throws Exception {
    assertThat(probe(Echo.class).wires("preferred", "127.0.0.1", directory))
        .containsExactly("selftest", "--announce=preferred", "--host=127.0.0.1", "--limit=PT8S");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldStartNothingWhenFabricIsOff() throws Exception {
    assertThat(probe(Crash.class).wires("off", "127.0.0.1", directory)).containsExactly("zmq");
  }

  @Test
  void shouldAnnounceZeroMqOrTheFaultWhenTheSelfTestCrashes() throws Exception {
    assertThat(probe(Crash.class).wires("preferred", "127.0.0.1", directory))
        .containsExactly("zmq");
    assertThat(probe(Crash.class).wires("required", "127.0.0.1", directory))
        .containsExactly("no fabric (spawn-channel selftest exited 139; the device is on fire)");
  }
}
