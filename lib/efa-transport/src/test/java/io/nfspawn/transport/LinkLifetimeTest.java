package io.nfspawn.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.Fabrics;
import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import io.nfspawn.transport.zmq.ZmqWire;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thousand connections that come and go leave nothing behind on either side. */
@Tag("long")
@ExtendWith(LeakDetector.class)
class LinkLifetimeTest {
  private static final boolean SOAK = Boolean.getBoolean("spawn.soak");

  /** The wires are the same on every JDK: the thousand are counted on the newest. */
  private static final int QUICK_CYCLES = Runtime.version().feature() < 22 ? 200 : 1000;

  private static final int CYCLES =
      SOAK ? 100_000 : Integer.getInteger("spawn.cycles", QUICK_CYCLES);

  /**
   * Wires come and go, too. Besides, a closed connection keeps its pair of ports for a minute, and
   * there are 28,000. Over shm they leave their regions until the one that lasts closes.
   */
  private static final int PORTS = 5;

  private static final int WARM_UP_PORT = 1;
  private static final int CYCLES_A_PORT = CYCLES / PORTS;

  /** Else what is measured is how much of the old generation garbage has once touched. */
  private static final int CYCLES_A_COLLECTION = 2000;

  /** By so much the same program differs from run to run, and from minute to minute. */
  private static final long NOISE_KILOBYTES = 32 << 10;

  /** Less than any link's own state. */
  private static final long MOST_BYTES_A_CYCLE = 128;

  /** Of a pair of wires over shm, of which one has gone (measured 7.7 MiB). */
  private static final long REGIONS_KILOBYTES = 10 << 10;

  /** Kept so that no compiler does without it. */
  static volatile byte[] waste = {};

  private int answers;
  private int questions;
  private Wire.@Nullable Link asking;

  private static Wire wire(String name) {
    if (name.equals("zmq")) {
      return new ZmqWire(8192);
    }
    return new FabricWire(Fabrics.library(), name, 1, 1 << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "shm", "tcp;ofi_rxm"})
  void shouldNotGrowWhenConnectionsComeAndGo(String name) throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc here");
    long before = 0;
    long after = 0;
    try (Wire lasting = wire(name)) {
      String own = lasting.bind("127.0.0.1");
      for (int port = 0; port < PORTS; port++) {
        try (Wire passing = wire(name)) {
          String other = passing.bind("127.0.0.1");
          for (int i = 0; i < CYCLES_A_PORT; i++) {
            if (i % 2 == 0) {
              cycle(lasting, passing, other);
            } else {
              cycle(passing, lasting, own);
            }
            if (i % CYCLES_A_COLLECTION == 0) {
              System.gc();
            }
          }
          // Before they are closed, which frees all that is theirs; each time of the same age.
          after = residentKilobytes();
          before = port == WARM_UP_PORT ? after : before;
        }
      }
    }
    long growth = after - before;
    int ports = PORTS - 1 - WARM_UP_PORT;
    int cycles = CYCLES_A_PORT * ports;
    System.out.println(name + " grew by " + growth + " KiB in " + cycles + " cycles");
    long regions = name.equals("shm") ? ports * REGIONS_KILOBYTES : 0;
    assertThat(growth).isLessThan(NOISE_KILOBYTES + regions + cycles * MOST_BYTES_A_CYCLE / 1024);
  }

  /** Connects, asks, is answered, and hangs up. */
  private void cycle(Wire dialler, Wire acceptor, String address) {
    Wire.Link link = dialler.dial(address);
    int asked = questions;
    int answered = answers;
    boolean sent = false;
    long end = System.nanoTime() + TestGang.WAIT.toNanos();
    while (answers == answered) {
      sent = sent || dialler.send(link, new byte[100]) == Wire.Sent.ACCEPTED;
      acceptor.watch(System.nanoTime());
      dialler.watch(System.nanoTime());
      acceptor.poll(new Answering(), 8);
      if (asking != null && acceptor.send(asking, new byte[200]) != Wire.Sent.BACK_PRESSURE) {
        asking = null;
      }
      dialler.poll(new Counting(), 8);
      Thread.yield(); // The threads that watch a fabric's tethers want a turn, too.
      assertThat(System.nanoTime()).as("asked %d times", questions - asked).isLessThan(end);
    }
    dialler.drop(link);
  }

  private final class Answering implements Wire.Receiver {
    @Override
    public void onFrame(Wire.Link from, Frame frame) {
      questions++;
      asking = from;
    }

    @Override
    public void onLinkDown(Wire.Link link) {}
  }

  private final class Counting implements Wire.Receiver {
    @Override
    public void onFrame(Wire.Link from, Frame frame) {
      answers++;
    }

    @Override
    public void onLinkDown(Wire.Link link) {}
  }

  /** Once the young generation has been used up, its use adds no pages. */
  private static void useUpYoungGeneration() {
    long before = collections();
    while (collections() == before) {
      waste = new byte[1 << 20];
    }
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  private static long residentKilobytes() throws Exception {
    useUpYoungGeneration();
    System.gc();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("no VmRSS");
  }
}
