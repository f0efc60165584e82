package io.nfspawn.transport;

import io.nfspawn.transport.fabric.Fabrics;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Members that are processes of their own, so that signals can be sent to them. */
final class TestProcess {
  private static final List<String> FABRICS = List.of("fabric:shm", "fabric:tcp");

  private TestProcess() {}

  /** What is tried on one wire. */
  interface OnWire {
    void run(String wire) throws Exception;
  }

  /** Tries it on every wire there is, all at once: what takes long is the silence of the dead. */
  static void onEveryWire(ExecutorService pool, OnWire... tries) throws Exception {
    List<String> wires = new ArrayList<>(List.of("zmq"));
    wires.addAll(Libfabric.probe().isAvailable() ? FABRICS : List.of());
    on(wires, pool, tries);
  }

  /** As the other, where payloads are long-read. */
  static void onEveryFabric(ExecutorService pool, OnWire... tries) throws Exception {
    Fabrics.library();
    on(FABRICS, pool, tries);
  }

  private static void on(List<String> wires, ExecutorService pool, OnWire... tries)
      throws Exception {
    List<Future<?>> runs = new ArrayList<>();
    for (String wire : wires) {
      for (OnWire each : tries) {
        runs.add(
            pool.submit(
                () -> {
                  each.run(wire);
                  return null;
                }));
      }
    }
    for (Future<?> run : runs) {
      run.get();
    }
  }

  /** Runs {@code main} as this rank; its stderr goes to a file of {@code directory}. */
  static Process start(TestGang gang, int rank, Class<?> main, Path directory, String... arguments)
      throws IOException {
    return start(List.of(), gang, rank, main, directory, arguments);
  }

  /** As the other, behind a command that runs it, such as {@code ip netns exec NAME}. */
  static Process start(
      List<String> behind,
      TestGang gang,
      int rank,
      Class<?> main,
      Path directory,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(behind);
    command.addAll(
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(gang.environment(rank));
    builder.redirectError(new File(directory.toFile(), "rank" + rank + ".err"));
    return builder.start();
  }

  static void signal(Process process, String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
  }
}
