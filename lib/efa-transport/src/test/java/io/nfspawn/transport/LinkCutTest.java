package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two members in network namespaces, between which the link is slow, loses and is cut. */
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LinkCutTest {
  private static final int ITEMS = 300;

  /** All at once: one cut for all of them. */
  private static final List<String> WIRES =
      Libfabric.probe().isAvailable() ? List.of("zmq", "fabric:tcp") : List.of("zmq");

  private static final List<String> HOSTS = List.of("10.251.77.1", "10.251.77.2");

  @TempDir Path directory;
  private final String left = "spawn-l-" + ProcessHandle.current().pid();
  private final String right = "spawn-r-" + ProcessHandle.current().pid();

  /** Hands out items and says how many had to be handed out again. */
  static final class Source {
    public static void main(String[] args) throws Exception {
      try (Channel channel = Channel.open(Membership.fromEnvironment(), options(args))) {
        WorkSource work = channel.workSource("items", SourceOptions.to(Set.of(1)));
        // Who is to lose its peer has no end of them.
        for (int i = 0; i < ITEMS || args.length > 1; i++) {
          work.put(ItemKey.of("k" + i), ByteBuffer.allocate(10_000), WAIT);
        }
        work.finish(WAIT);
        System.out.println("redelivered " + work.redelivered());
      } catch (PeerLostException e) {
        System.out.println("lost " + e.ranks());
      }
    }
  }

  /** Takes items one by one and prints each key. */
  static final class Consumer {
    public static void main(String[] args) throws Exception {
      try (Channel channel = Channel.open(Membership.fromEnvironment(), options(args))) {
        WorkConsumer work = channel.workConsumer("items", 0, Credit.DEFAULT);
        for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
          System.out.println(d.get().key());
          LockSupport.parkNanos(5_000_000); // Work, so that the cut falls into the middle of it.
          d.get().ack();
        }
      } catch (PeerLostException e) {
        System.out.println("lost " + e.ranks());
      }
    }
  }

  /** Arguments: wire and, if not the default, seconds of silence after which a peer is lost. */
  private static ChannelOptions options(String[] args) {
    ChannelOptions options = ChannelOptions.defaults().withWire(args[0]);
    return args.length == 1
        ? options
        : options.withLiveness(
            Duration.ofMillis(250),
            Duration.ofSeconds(Long.parseLong(args[1])),
            Duration.ofMillis(400));
  }

  private static String run(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : said.strip() + " (exit " + process.exitValue() + ")";
  }

  @BeforeEach
  void makeNamespaces() throws Exception {
    String failure =
        run(
            ("set -e; ip netns add %1$s; ip netns add %2$s;"
                    + " ip -n %1$s link add v type veth peer name v netns %2$s;"
                    + " ip -n %1$s addr add %3$s/24 dev v; ip -n %2$s addr add %4$s/24 dev v;"
                    + " for n in %1$s %2$s; do ip -n $n link set lo up; ip -n $n link set v up; done")
                .formatted(left, right, HOSTS.get(0), HOSTS.get(1)));
    if (!failure.isEmpty()) {
      System.out.println("skipped: no network namespaces here: " + failure);
      abort("no network namespaces: " + failure);
    }
  }

  @AfterEach
  void removeNamespaces() throws Exception {
    run("ip netns del " + left + "; ip netns del " + right);
  }

  @Test
  void shouldCarryEachItemOnceWhenLinkIsCutAndHealed() throws Exception {
    String netem =
        run("ip netns exec " + left + " tc qdisc add dev v root netem delay 10ms loss 2%");
    System.out.println(netem.isEmpty() ? "netem: 10 ms, 2 % loss" : "no netem: " + netem);
    List<Pair> pairs = new ArrayList<>();
    try {
      for (String wire : WIRES) {
        pairs.add(new Pair(wire));
      }
      for (Pair each : pairs) {
        each.take(ITEMS / 3);
      }
      assertThat(run("ip -n " + left + " link set v down")).isEmpty();
      await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
      assertThat(run("ip -n " + left + " link set v up")).isEmpty();
      for (Pair each : pairs) {
        each.take(Integer.MAX_VALUE);
        each.expectEnd();
      }
    } finally {
      for (Pair each : pairs) {
        each.end();
      }
    }
  }

  /** Neither closes a connection: each has to notice by itself, and says so instead of waiting. */
  @Test
  void shouldTellBothSidesWhenLinkStaysCut() throws Exception {
    List<Pair> pairs = new ArrayList<>();
    try {
      for (String wire : WIRES) {
        pairs.add(new Pair(wire, "3"));
      }
      for (Pair each : pairs) {
        each.take(ITEMS / 3);
      }
      assertThat(run("ip -n " + left + " link set v down")).isEmpty();
      for (Pair each : pairs) {
        each.take(Integer.MAX_VALUE);
        each.expectLoss();
      }
    } finally {
      for (Pair each : pairs) {
        each.end();
      }
    }
  }

  /** A source at one end of the link, a consumer at the other. */
  private final class Pair {
    private final String wire;
    private final TestGang gang;
    private final Process source;
    private final Process consumer;
    private final BufferedReader keys;
    private final Set<String> taken = new HashSet<>();
    private @Nullable String last;

    Pair(String... arguments) throws IOException {
      this.wire = arguments[0];
      Path own = Files.createDirectories(directory.resolve(wire.replace(':', '-')));
      gang = new TestGang(own, "cut", 1, 2, 1, HOSTS);
      List<String> inLeft = List.of("ip", "netns", "exec", left);
      List<String> inRight = List.of("ip", "netns", "exec", right);
      source = TestProcess.start(inLeft, gang, 0, Source.class, own, arguments);
      consumer = TestProcess.start(inRight, gang, 1, Consumer.class, own, arguments);
      keys = consumer.inputReader();
    }

    void take(int count) throws IOException {
      while (taken.size() < count) {
        String key = keys.readLine();
        if (key == null || key.startsWith("lost")) {
          last = key;
          return;
        }
        assertThat(taken.add(key)).as("%s comes once over %s", key, wire).isTrue();
      }
    }

    void expectEnd() throws IOException, InterruptedException {
      assertThat(taken).as(wire).hasSize(ITEMS);
      assertThat(source.inputReader().readLine()).as(wire).isEqualTo("redelivered 0");
      assertThat(source.waitFor()).isZero();
      assertThat(consumer.waitFor()).isZero();
    }

    void expectLoss() throws IOException, InterruptedException {
      assertThat(last).as("the consumer over %s", wire).isEqualTo("lost [0]");
      assertThat(source.inputReader().readLine()).as(wire).isEqualTo("lost [1]");
      assertThat(source.waitFor()).isZero();
      assertThat(consumer.waitFor()).isZero();
    }

    void end() throws InterruptedException {
      source.destroyForcibly().waitFor();
      consumer.destroyForcibly().waitFor();
      gang.close();
    }
  }
}
