package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Encryption;
import io.nfspawn.transport.Idle;
import io.nfspawn.transport.Membership;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spawn-channel bench}: rank 0 in this process, the others in processes it starts. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure a channel between processes on this machine.",
      "",
      "Bandwidth and rate are those of the work queue, from the first offer to the last",
      "acknowledgement, after some seconds of the same that warm up. Latency is half a round trip:",
      "with --layer channel from push to take, two threads on each side; with --layer wire of",
      "the wire alone, one thread on each side, one frame a message, which is what fi_pingpong",
      "measures. Bytes allocated are those of all threads of both processes, keys excepted; with",
      "--layer wire those of the sending one, for each frame one way; the receiving one uses the",
      "arrays of its frames again.",
      "",
      "With --consumers above 1 the queue has as many, each a process; one of them acknowledges",
      "nothing and is killed half-way: the rate, and how soon the others get what it had."
    },
    footer = {
      "",
      "Examples:",
      "  spawn-channel bench --wire zmq --size 64 --messages 200000 --json",
      "  spawn-channel bench --wire fabric --provider shm --encryption off --size 1048576",
      "  spawn-channel bench --wire fabric --consumers 8 --idle yielding"
    })
final class BenchCommand implements Callable<Integer> {
  static final Duration WAIT = Duration.ofMinutes(2);
  private static final int LEAST_MESSAGES = 10;
  private static final long MOST_BYTES = 1L << 30;

  @Option(
      names = "--wire",
      defaultValue = "zmq",
      description = "zmq or fabric (default: ${DEFAULT-VALUE}).")
  String wire;

  @Option(
      names = "--provider",
      paramLabel = "P",
      description = "Of a fabric: shm, tcp, efa or libfabric's own name (default: the best here).")
  @Nullable String provider;

  @Option(
      names = "--size",
      defaultValue = "1048576",
      split = ",",
      paramLabel = "BYTES",
      description = {
        "Payload of one message (default: ${DEFAULT-VALUE}). Several sizes are measured one after",
        "the other by the same processes, a line each, with at most 1 GiB of payload for each."
      })
  List<Integer> sizes;

  @Option(
      names = "--messages",
      defaultValue = "2000",
      paramLabel = "N",
      description = {
        "Messages one way (default: ${DEFAULT-VALUE}); round trips as many, at most 200,000",
        "or three seconds."
      })
  int messages;

  @Option(
      names = "--warm-up",
      defaultValue = "PT5S",
      paramLabel = "DURATION",
      description = {
        "How long to send before measuring, for each size (default: ${DEFAULT-VALUE}); half of",
        "it short messages, since a JVM compiles what was called often enough. It does so for",
        "seconds, on the cores that the two processes share: without it a few thousand messages",
        "measure the compiler."
      })
  Duration warmUp;

  @Option(
      names = "--encryption",
      defaultValue = "AUTHENTICATE",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Encryption encryption;

  @Option(
      names = "--layer",
      defaultValue = "CHANNEL",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Layer layer;

  /** What is measured. */
  enum Layer {
    CHANNEL,
    WIRE
  }

  @Option(
      names = "--consumers",
      defaultValue = "1",
      paramLabel = "N",
      description = "Consumers of the queue (default: ${DEFAULT-VALUE}).")
  int consumers;

  @Option(
      names = "--idle",
      defaultValue = "SPINNING",
      description = {
        "${COMPLETION-CANDIDATES}: what threads that wait do first (default: ${DEFAULT-VALUE})."
      })
  Idle idle;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(names = "--consume", hidden = true, description = "Be the other process.")
  private boolean consume;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (sizes.stream().anyMatch(size -> size < 1) || messages < LEAST_MESSAGES) {
      throw new ParameterException(
          spec.commandLine(), "--size takes 1 byte or more, --messages 10 or more");
    }
    if (layer == Layer.WIRE && sizes.size() > 1) {
      throw new ParameterException(spec.commandLine(), "--layer WIRE takes one --size");
    }
    if (consumers < 1 || (consumers > 1 && (layer == Layer.WIRE || sizes.size() > 1))) {
      throw new ParameterException(
          spec.commandLine(), "--consumers takes 1 or more, with one --size and --layer CHANNEL");
    }
    if (consume && consumers > 1) {
      Membership membership = Membership.fromEnvironment();
      try (Channel channel = Channel.open(membership, options())) {
        new BenchCrowd(channel, consumers).consume(membership.rank());
      }
      return 0;
    }
    if (consume && layer == Layer.WIRE) {
      Membership membership = Membership.fromEnvironment();
      try (BenchWire bench = new BenchWire(membership, options(), sizes.get(0), messages, warmUp)) {
        bench.echo();
      }
      return 0;
    }
    if (consume) {
      try (Channel channel = Channel.open(Membership.fromEnvironment(), options())) {
        for (int i = 0; i < sizes.size(); i++) {
          new BenchPeer(channel).run(String.valueOf(i), messages(sizes.get(i)));
        }
      }
      return 0;
    }
    if (consumers > 1) {
      measureCrowd();
    } else {
      measure();
    }
    return 0;
  }

  /** How many of that size: enough to tell, not more than time allows. */
  private int messages(int sizeBytes) {
    return sizes.size() == 1
        ? messages
        : (int) Math.max(LEAST_MESSAGES, Math.min(messages, MOST_BYTES / sizeBytes));
  }

  private void print(BenchFigures figures) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? figures.json() : figures.text());
    out.flush();
  }

  private ChannelOptions options() {
    return ChannelOptions.defaults()
        .withWire(provider == null ? wire : wire + ":" + provider)
        .withEncryption(encryption)
        .withIdle(idle)
        .withJoinTimeout(Duration.ofSeconds(30));
  }

  private void measure() throws IOException, InterruptedException {
    try (LocalGang gang = new LocalGang("127.0.0.1", 2)) {
      Process peer = startPeer(gang, 1);
      if (layer == Layer.WIRE) {
        try (BenchWire bench =
            new BenchWire(gang.membership(0), options(), sizes.get(0), messages, warmUp)) {
          gang.introduce(Duration.ofSeconds(30));
          print(bench.run());
        } finally {
          end(peer);
        }
        return;
      }
      try (Channel channel = Channel.open(gang.membership(0), options())) {
        gang.introduce(Duration.ofSeconds(30));
        for (int i = 0; i < sizes.size(); i++) {
          int size = sizes.get(i);
          print(new BenchRun(channel, String.valueOf(i), size, messages(size), warmUp).run());
        }
      } finally {
        end(peer);
      }
    }
  }

  private static void end(Process peer) throws InterruptedException {
    if (!peer.waitFor(10, TimeUnit.SECONDS)) {
      peer.destroyForcibly();
    }
  }

  private void measureCrowd() throws IOException, InterruptedException {
    List<Process> peers = new ArrayList<>();
    try (LocalGang gang = new LocalGang("127.0.0.1", consumers + 1)) {
      for (int rank = 1; rank <= consumers; rank++) {
        peers.add(startPeer(gang, rank));
      }
      try (Channel channel = Channel.open(gang.membership(0), options())) {
        gang.introduce(Duration.ofSeconds(60));
        BenchCrowd.Figures figures =
            new BenchCrowd(channel, consumers)
                .run(sizes.get(0), messages, warmUp, idle, peers.get(consumers - 1));
        spec.commandLine().getOut().println(json ? figures.json() : figures.text());
        spec.commandLine().getOut().flush();
      }
    } finally {
      for (Process peer : peers) {
        end(peer);
      }
    }
  }

  private Process startPeer(LocalGang gang, int rank) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(
        ProcessHandle.current()
            .info()
            .command()
            .orElseThrow(() -> new ChannelException("cannot tell which java this is")));
    command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path", ""),
            SpawnChannelCommand.class.getName(),
            "bench",
            "--consume",
            "--wire=" + wire,
            "--encryption=" + encryption,
            "--layer=" + layer,
            "--consumers=" + consumers,
            "--idle=" + idle,
            "--messages=" + messages,
            "--size=" + sizes.stream().map(String::valueOf).collect(Collectors.joining(","))));
    if (provider != null) {
      command.add("--provider=" + provider);
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(gang.environment(rank));
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
