package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.nfspawn.transport.fabric.Fabrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Over shared memory where the kernel refuses one process another's memory: to one that has fewer
 * rights (EPERM, as in most containers), and to one in a container of its own, where the numbers of
 * processes are others (ESRCH). libfabric reads for them.
 */
@ExtendWith(LeakDetector.class)
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RefusedMemoryTest {
  private static final int ITEMS = 12;
  private static final int ITEM_BYTES = 300_000;
  private static final List<String> FEWER_RIGHTS =
      List.of("setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace");
  private static final List<String> CONTAINER =
      List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

  @TempDir Path directory;

  private static ByteBuffer payload(int item) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(ITEM_BYTES);
    for (int i = 0; i < ITEM_BYTES; i++) {
      bytes.put(i, (byte) (item + i * 31));
    }
    return bytes;
  }

  private static ChannelOptions options() {
    return ChannelOptions.defaults().withWire("fabric:shm").withEncryption(Encryption.OFF);
  }

  /** Takes items, each of which must be whole, and says how many. */
  static final class Taker {
    public static void main(String[] args) throws Exception {
      ((Logger) LoggerFactory.getLogger("io.nfspawn.transport.fabric")).setLevel(Level.INFO);
      int taken = 0;
      try (Channel channel = Channel.open(Membership.fromEnvironment(), options())) {
        WorkConsumer work = channel.workConsumer(args[0], 0, Credit.DEFAULT);
        for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
          if (!d.get().payload().equals(payload(Integer.parseInt(d.get().key().value())))) {
            throw new IllegalStateException("item " + d.get().key() + " is torn");
          }
          d.get().ack();
          taken++;
        }
      }
      System.out.println(taken);
    }
  }

  private static boolean works(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
    builder.command().add("true");
    try {
      return builder.redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void shouldReadByLibfabricWhereKernelRefusesAnothersMemory() throws Exception {
    Fabrics.library();
    assumeTrue(works(FEWER_RIGHTS), "needs root and setpriv");
    assumeTrue(works(CONTAINER), "needs root and unshare");
    try (TestGang gang = new TestGang(directory, 3, 1)) {
      Channel source = gang.track(Channel.open(gang.membership(0), options()));
      List<WorkSource> work =
          List.of(
              source.workSource("one", SourceOptions.to(Set.of(1))),
              source.workSource("two", SourceOptions.to(Set.of(2))));
      List<Process> takers =
          List.of(
              TestProcess.start(FEWER_RIGHTS, gang, 1, Taker.class, directory, "one"),
              TestProcess.start(CONTAINER, gang, 2, Taker.class, directory, "two"));
      try {
        for (int i = 0; i < ITEMS; i++) {
          for (WorkSource each : work) {
            each.put(ItemKey.of(String.valueOf(i)), payload(i), WAIT);
          }
        }
        for (WorkSource each : work) {
          each.finish(WAIT);
        }
        for (int rank = 1; rank <= 2; rank++) {
          String errors = Files.readString(directory.resolve("rank" + rank + ".err"));
          String said = takers.get(rank - 1).inputReader().readLine();
          assertThat(said).as(errors).isEqualTo(String.valueOf(ITEMS));
          assertThat(errors).contains("event=shm_reads_by_libfabric");
        }
      } finally {
        for (Process taker : takers) {
          taker.destroyForcibly().waitFor();
        }
      }
    }
  }
}
