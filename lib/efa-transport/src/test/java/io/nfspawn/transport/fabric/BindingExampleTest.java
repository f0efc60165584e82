package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.fabric.FabricLibrary.Memory;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of docs/fabric.md, compiled and run. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BindingExampleTest {
  private static final int SEND = 1;
  private static final int RECEIVE = 2;

  private static final class Arrivals implements RdmEndpoint.Completions {
    private int lengthBytes = -1;

    @Override
    public void onDone(int operation, int length) {
      if (operation == RECEIVE) {
        lengthBytes = length;
      }
    }

    @Override
    public void onFailed(int operation, int error, String reason) {
      throw new IllegalStateException(reason);
    }
  }

  private static String example(String provider) {
    // begin
    FabricLibrary library = Libfabric.probe().library();
    if (library == null) {
      return Libfabric.probe().absence(); // One line: what is missing and which package has it.
    }
    try (Memory memory = library.allocate(1 << 20);
        RdmEndpoint here = library.open(provider, "127.0.0.1", 0);
        RdmEndpoint there = library.open(provider, "127.0.0.1", 0);
        MemoryRegion from = here.register(memory.buffer().slice(0, 1 << 19), false);
        MemoryRegion into = there.register(memory.buffer().slice(1 << 19, 1 << 19), true)) {
      memory.buffer().put(0, "hello".getBytes(StandardCharsets.US_ASCII));
      long peer = here.insert(there.address()); // A byte[] that you hand over as you like.
      there.receive(RECEIVE, into, 0, 4096); // Never shorter than what may come.
      Arrivals arrivals = new Arrivals(); // onDone(operation, lengthBytes), onFailed(…)
      while (!here.send(SEND, peer, from, 0, 5)) {
        here.poll(arrivals); // Back pressure: both sides make progress by polling alone.
        there.poll(arrivals);
      }
      while (arrivals.lengthBytes < 0) {
        here.poll(arrivals);
        there.poll(arrivals);
      }
      byte[] text = new byte[arrivals.lengthBytes];
      memory.buffer().get(1 << 19, text);
      return new String(text, StandardCharsets.US_ASCII);
    }
    // end
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldSayHello(String provider) {
    Fabrics.library();
    assertThat(example(provider)).isEqualTo("hello");
  }

  @Test
  void shouldStandInTheDocumentation() throws Exception {
    Path root = Path.of(System.getProperty("spawn.root", "../.."));
    String source =
        Files.readString(
            root.resolve("lib/efa-transport/src/test/java/io/nfspawn/transport/fabric")
                .resolve("BindingExampleTest.java"));
    String begin = "    // begin\n";
    String example =
        source
            .substring(source.indexOf(begin) + begin.length(), source.indexOf("    // end\n"))
            .indent(-4);
    assertThat(Files.readString(root.resolve("docs/fabric.md"))).contains(example);
  }
}
