package io.nfspawn.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.Fabrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a killed process leaves in /dev/shm goes when the next one opens an endpoint. What the
 * living have there stays, those too that are in a container where their numbers are others.
 */
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StaleRegionTest {
  @TempDir Path directory;

  /** Opens an endpoint, says so, and stays. */
  static final class Owner {
    public static void main(String[] args) {
      String address = new FabricWire(Fabrics.library(), "shm", 2, 1 << 20).bind("127.0.0.1");
      System.out.println(address);
      System.out.println(ProcessHandle.current().pid());
      new Semaphore(0).acquireUninterruptibly();
    }
  }

  private static List<Path> regions(String owner) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("(nf-spawn:)?" + owner + ":.*"))
          .sorted()
          .toList();
    }
  }

  /** The number the owner has where it is. */
  private static String numberOf(Process owner) throws IOException {
    assertThat(owner.inputReader().readLine()).contains(";shm");
    return owner.inputReader().readLine();
  }

  /** In a container of its own, under a number that nobody has here, where that can be had. */
  private static List<String> container() throws InterruptedException {
    long number = 20_000 + ProcessHandle.current().pid() % 10_000;
    List<String> command = new ArrayList<>();
    command.addAll(List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"));
    command.addAll(List.of("sh", "-c", "echo $0 > /proc/sys/kernel/ns_last_pid; \"$@\"; exit $?"));
    command.add(String.valueOf(number));
    try {
      List<String> trial = new ArrayList<>(command);
      trial.add("true");
      return new ProcessBuilder(trial).start().waitFor() == 0 ? command : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void openAndClose() {
    try (FabricWire next = new FabricWire(Fabrics.library(), "shm", 1, 1 << 20)) {
      next.bind("127.0.0.1");
    }
  }

  @Test
  void shouldRemoveRegionsOfTheDeadAndNoneOfTheLiving() throws Exception {
    Fabrics.library();
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      Process dead = TestProcess.start(gang, 0, Owner.class, directory);
      Process living = TestProcess.start(container(), gang, 1, Owner.class, directory);
      try {
        String deadNumber = numberOf(dead);
        String livingNumber = numberOf(living);
        TestProcess.signal(dead, "-KILL");
        assertThat(dead.waitFor()).isEqualTo(128 + 9);
        assertThat(regions(deadNumber)).as("two regions and their claims").hasSize(4);
        List<Path> used = regions(livingNumber);
        assertThat(used).hasSize(4);
        openAndClose();
        assertThat(regions(deadNumber)).isEmpty();
        assertThat(regions(livingNumber)).isEqualTo(used);
        living.destroyForcibly().waitFor();
        await()
            .atMost(TestGang.WAIT)
            .untilAsserted(
                () -> {
                  openAndClose();
                  assertThat(regions(livingNumber)).isEmpty();
                });
      } finally {
        dead.destroyForcibly().waitFor();
        living.destroyForcibly().waitFor();
      }
    }
  }
}
