package io.nfspawn.transport;

import static io.nfspawn.transport.DoomedMembers.COLLECTOR;
import static io.nfspawn.transport.DoomedMembers.HEIR;
import static io.nfspawn.transport.DoomedMembers.ITEMS_OF_PRODUCER;
import static io.nfspawn.transport.DoomedMembers.SOURCE;
import static io.nfspawn.transport.DoomedMembers.payload;
import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.DoomedMembers.Doomed;
import io.nfspawn.transport.DoomedMembers.Role;
import io.nfspawn.transport.FreezingWire.Step;
import io.nfspawn.transport.fabric.Fabrics;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Producers, consumers and collectors of one gang are ended by kill -9, one at each step of the
 * protocol: each lives in one process on a wire that stops at its step, and then that process is
 * killed. The others get every item once, hold no more than they may, and are told who is lost.
 */
@ExtendWith(LeakDetector.class)
@Tag("long")
class KillStepTest {
  private static final int ROUNDS = Boolean.getBoolean("spawn.soak") ? 50 : 1;
  private static final int ITEMS = 90;
  private static final Credit QUEUE = new Credit(8, 8L << 20);

  /** Steps of those who take work and push its results; NTH is up to the dice. */
  private static final List<String> CONSUMER =
      List.of(
          "OUT-DIAL-1",
          "OUT-HELLO-1",
          "IN-WELCOME-1",
          "OUT-KEEP_ALIVE-1",
          "OUT-SUBSCRIBE-1",
          "IN-ITEM-NTH",
          "IN-LONG_READ-1",
          "IN-TAKEN-1",
          "OUT-RENEW-1",
          "OUT-ITEM-NTH",
          "OUT-LONG_READ-1",
          "IN-ACK-1",
          "OUT-ACK-NTH",
          "OUT-UNSUBSCRIBE-1",
          "OUT-GOODBYE-1");

  private static final List<String> LAST_CONSUMER = List.of("IN-END-1", "OUT-END_SEEN-1");

  private static final List<String> PRODUCER =
      List.of(
          "OUT-DIAL-1",
          "OUT-HELLO-1",
          "OUT-KEEP_ALIVE-1",
          "OUT-OPEN-1",
          "IN-SUBSCRIBE-1",
          "OUT-ITEM-NTH",
          "OUT-LONG_READ-1",
          "IN-ACK-1",
          "OUT-END-1",
          "IN-END_SEEN-1");

  private static final List<String> SOURCES =
      List.of(
          "IN-HELLO-1",
          "OUT-WELCOME-1",
          "IN-SUBSCRIBE-1",
          "OUT-ITEM-NTH",
          "OUT-LONG_READ-1",
          "IN-ACK-1",
          "OUT-END-1");

  private static final List<String> COLLECTORS =
      List.of(
          "IN-HELLO-1",
          "OUT-WELCOME-1",
          "IN-OPEN-1",
          "OUT-SUBSCRIBE-1",
          "IN-ITEM-NTH",
          "IN-LONG_READ-1",
          "IN-TAKEN-1",
          "OUT-ACK-1",
          "IN-END-1",
          "OUT-END_SEEN-1");

  @TempDir Path directory;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<Doomed> doomed = new ArrayList<>();

  @AfterEach
  void stopPool() {
    pool.shutdownNow();
  }

  private void doom(Role role, List<String> steps, boolean readsLong, Random random) {
    for (String step : steps) {
      if (readsLong || !step.contains("LONG_READ")) {
        String which = step.replace("NTH", String.valueOf(1 + random.nextInt(3)));
        doomed.add(new Doomed(HEIR + 1 + doomed.size(), role, Step.of(which)));
      }
    }
  }

  private Set<Integer> ranks(Role... roles) {
    return doomed.stream()
        .filter(each -> List.of(roles).contains(each.role()))
        .map(Doomed::rank)
        .collect(Collectors.toSet());
  }

  /** Whom each of the living members saw come and go. */
  private static final class Witness {
    final Set<Integer> joined = ConcurrentHashMap.newKeySet();
    final Set<Integer> lost = ConcurrentHashMap.newKeySet();

    Witness(Channel channel) {
      channel.onEvent(this::saw);
    }

    private void saw(ChannelEvent event) {
      if (event instanceof ChannelEvent.PeerJoined one) {
        joined.add(one.rank());
      } else if (event instanceof ChannelEvent.PeerLost one) {
        lost.add(one.rank());
      } else if (event instanceof ChannelEvent.PeerLeft one) {
        lost.add(one.rank()); // It was killed when it had said goodbye to the first.
      }
    }
  }

  private static Channel open(TestGang gang, int rank, String wire) {
    return gang.track(Channel.open(gang.membership(rank), DoomedMembers.options(wire)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "fabric:shm", "fabric:tcp"})
  void shouldCarryEachItemOnceWhenMembersAreKilledAtEveryStep(String wire) throws Exception {
    if (!wire.equals("zmq")) {
      Fabrics.library();
    }
    long seed = Long.getLong("spawn.seed", 20261121L);
    for (int round = 0; round < ROUNDS; round++) {
      System.out.println("seed " + (seed + round));
      doomed.clear();
      killAtEveryStep(wire, new Random(seed + round), "round" + round);
    }
  }

  private void killAtEveryStep(String wire, Random random, String name) throws Exception {
    boolean readsLong = !wire.equals("zmq");
    doom(Role.CONSUMER, CONSUMER, readsLong, random);
    doom(Role.LAST_CONSUMER, LAST_CONSUMER, readsLong, random);
    doom(Role.PRODUCER, PRODUCER, readsLong, random);
    doom(Role.SOURCE, SOURCES, readsLong, random);
    doom(Role.COLLECTOR, COLLECTORS, readsLong, random);
    doom(Role.WAITER, List.of("OUT-BARRIER_ENTER-1"), readsLong, random);
    int size = HEIR + 1 + doomed.size();
    try (TestGang gang = new TestGang(directory, name, 1, size, 1)) {
      Channel source = open(gang, SOURCE, wire);
      Channel collector = open(gang, COLLECTOR, wire);
      Channel heir = open(gang, HEIR, wire);
      List<Witness> witnesses =
          List.of(new Witness(source), new Witness(collector), new Witness(heir));
      Set<Integer> consumers = ranks(Role.CONSUMER);
      consumers.add(HEIR);
      WorkSource work = source.workSource("items", SourceOptions.to(consumers).withQueue(QUEUE));
      Future<Long> mostHeld = pool.submit(() -> putAll(work));
      Map<String, Integer> results = new HashMap<>();
      Set<Integer> workers = ranks(Role.CONSUMER, Role.LAST_CONSUMER);
      workers.add(HEIR);
      List<Future<?>> last = new ArrayList<>();
      int ends = 0;
      for (Doomed each : doomed) {
        if (each.role() == Role.LAST_CONSUMER) {
          ends++;
          last.add(pool.submit(() -> endSoon(source, each)));
        }
      }
      int expected = ITEMS + ends;
      Future<?> merged =
          pool.submit(() -> gather(collector, "results", workers, results, expected));
      Map<String, Integer> made = new HashMap<>();
      Set<Integer> producers = ranks(Role.PRODUCER);
      int everything = producers.size() * ITEMS_OF_PRODUCER;
      Future<?> gathered =
          pool.submit(() -> gather(collector, "made", producers, made, everything));
      Map<Doomed, Future<List<String>>> takings = new HashMap<>();
      Map<Doomed, Future<List<CompletableFuture<ItemKey>>>> pushes = new HashMap<>();
      for (Doomed each : doomed) {
        if (each.role() == Role.SOURCE) {
          takings.put(each, pool.submit(() -> takeFrom(heir, each)));
        } else if (each.role() == Role.COLLECTOR) {
          pushes.put(each, pool.submit(() -> pushTo(heir, each)));
        }
      }
      List<Future<?>> waiting = new ArrayList<>();
      for (Channel each : List.of(source, collector, heir)) {
        waiting.add(pool.submit(task(() -> each.barrier("meeting", WAIT))));
      }

      killWhenAllAreFrozen(wire, gang, name, size);

      pool.execute(untilTheEnd(() -> DoomedMembers.work(heir, "items", null)));
      merged.get();
      assertThat(results).hasSize(expected).allSatisfy((k, times) -> assertThat(times).isOne());
      assertThat(mostHeld.get())
          .as("memory is bounded by queue and credits")
          .isLessThanOrEqualTo(
              QUEUE.items() + (long) consumers.size() * DoomedMembers.CREDIT.items());
      for (Future<?> each : last) {
        each.get();
      }
      for (Future<?> each : waiting) {
        assertThatThrownBy(each::get).hasCauseInstanceOf(PeerLostException.class);
      }
      assertThat(made.values()).as("of killed producers").allMatch(times -> times == 1);
      witnesses.forEach(KillStepTest::expectAllLost);
      comeAgain(gang, wire);
      for (var taking : takings.entrySet()) {
        assertThat(taking.getValue().get()).as("%s", taking.getKey()).doesNotHaveDuplicates();
      }
      for (var pushed : pushes.entrySet()) {
        for (CompletableFuture<ItemKey> each : pushed.getValue().get()) {
          each.handle((key, failure) -> key).get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
      gathered.get();
      assertThat(made).hasSize(everything).allSatisfy((k, times) -> assertThat(times).isOne());
    }
  }

  private static void expectAllLost(Witness witness) {
    Set<Integer> gone = new HashSet<>(witness.joined);
    gone.removeAll(Set.of(SOURCE, COLLECTOR, HEIR));
    assertThat(gone).isNotEmpty();
    await().atMost(WAIT).untilAsserted(() -> assertThat(witness.lost).containsAll(gone));
  }

  /** Until all is handed over; what is held at most, waiting or under way. */
  private static long putAll(WorkSource work) throws InterruptedException {
    long most = 0;
    for (int i = 0; i < ITEMS; i++) {
      work.put(ItemKey.of("k" + i), payload(i), WAIT);
      most = Math.max(most, work.unacknowledged());
    }
    return most;
  }

  /** A queue of one consumer; to be killed when it hears of the end. */
  private static Void endSoon(Channel source, Doomed consumer) throws InterruptedException {
    WorkSource work =
        source.workSource(consumer.stream(), SourceOptions.to(Set.of(consumer.rank())));
    work.put(ItemKey.of("last-of-" + consumer.rank()), payload(1), WAIT);
    work.finish(WAIT);
    return null;
  }

  /** Counts how often each key is handed over until there are as many as expected. */
  private static Void gather(
      Channel collector, String name, Set<Integer> senders, Map<String, Integer> times, int keys)
      throws InterruptedException {
    Puller puller =
        collector.puller(name, PullOptions.from(senders).withOnLoss(PullOptions.OnLoss.CONTINUE));
    while (times.size() < keys) {
      Optional<Delivery> next = puller.take(WAIT);
      if (next.isPresent()) {
        String key = next.get().key().value();
        int item = Integer.parseInt(key.replaceAll(".*\\D", ""));
        assertThat(next.get().payload())
            .as(key)
            .isEqualTo(payload(key.startsWith("last") ? 1 : item));
        times.merge(key, 1, Integer::sum);
        next.get().ack();
      }
    }
    return null;
  }

  private static List<String> takeFrom(Channel heir, Doomed source) throws InterruptedException {
    WorkConsumer work = heir.workConsumer(source.stream(), source.rank(), DoomedMembers.CREDIT);
    List<String> taken = new ArrayList<>();
    try {
      for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
        taken.add(d.get().key().value());
        d.get().ack();
      }
      assertThat(taken).hasSize(ITEMS_OF_PRODUCER);
    } catch (PeerLostException e) {
      assertThat(e.ranks()).containsExactly(source.rank());
    }
    return taken;
  }

  private static List<CompletableFuture<ItemKey>> pushTo(Channel heir, Doomed collector)
      throws InterruptedException {
    List<CompletableFuture<ItemKey>> pushed = new ArrayList<>();
    Pusher pusher = heir.pusher(collector.stream(), collector.rank());
    try {
      for (int i = 0; i < ITEMS_OF_PRODUCER; i++) {
        pushed.add(pusher.push(ItemKey.of("k" + i), payload(i), WAIT));
      }
      pusher.finish(WAIT);
    } catch (PeerLostException e) {
      assertThat(e.ranks()).containsExactly(collector.rank());
    }
    return pushed;
  }

  private void killWhenAllAreFrozen(String wire, TestGang gang, String name, int size)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(wire, directory.toString(), name));
    arguments.add(String.valueOf(size));
    doomed.forEach(each -> arguments.add(each.toString()));
    Process process =
        TestProcess.start(
            gang, HEIR + 1, DoomedMembers.class, directory, arguments.toArray(String[]::new));
    Map<Integer, Doomed> moving = new HashMap<>();
    doomed.forEach(each -> moving.put(each.rank(), each));
    try (BufferedReader says = process.inputReader()) {
      Future<Void> all =
          pool.submit(
              () -> {
                while (!moving.isEmpty()) {
                  String line = says.readLine();
                  assertThat(line).isNotNull();
                  moving.remove(Integer.parseInt(line.replaceAll("\\D", "")));
                }
                return null;
              });
      try {
        all.get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (Exception e) {
        process.destroyForcibly(); // Or closing would wait for who reads what it says.
        String errors = Files.readString(directory.resolve("rank" + (HEIR + 1) + ".err"));
        throw new AssertionError("not frozen: " + moving.values() + "\n" + errors, e);
      }
      TestProcess.signal(process, "-KILL");
      assertThat(process.waitFor()).isEqualTo(128 + 9);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Who pushes comes again and pushes all it has; so does who may never have been heard of. */
  private void comeAgain(TestGang gang, String wire) throws Exception {
    List<Future<Void>> again = new ArrayList<>();
    for (Doomed each : doomed) {
      boolean unknown = List.of("HELLO", "WELCOME").contains(each.step().what());
      if (each.role() == Role.PRODUCER) {
        Channel channel = open(gang, each.rank(), wire);
        again.add(pool.submit(task(() -> DoomedMembers.produce(channel, each))));
      } else if (each.role() == Role.SOURCE && unknown) {
        Channel channel = open(gang, each.rank(), wire);
        pool.execute(untilTheEnd(() -> DoomedMembers.produce(channel, each)));
      } else if (each.role() == Role.COLLECTOR && unknown) {
        Channel channel = open(gang, each.rank(), wire);
        pool.execute(untilTheEnd(() -> DoomedMembers.collect(channel, each)));
      }
    }
    for (Future<Void> each : again) {
      each.get();
    }
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  private static Callable<Void> task(Task task) {
    return () -> {
      task.run();
      return null;
    };
  }

  /** What may go on until its channel is closed. */
  private static Runnable untilTheEnd(Task task) {
    return () -> {
      try {
        task.run();
      } catch (ChannelException e) {
        // The end of the test.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }
}
