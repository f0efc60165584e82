package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.it.run.MarkedProcesses;
import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys stay in their files: not in command lines, environments, task files, logs or results. */
final class SecretsTest {
  @TempDir Path dir;

  @Test
  void shouldKeepTheChannelKeyInItsFile() throws IOException {
    MarkedProcesses processes = new MarkedProcesses();
    AtomicReference<String> keyFile = new AtomicReference<>("");
    try (NextflowRun.Running run =
        NextflowRun.in(dir)
            .env(MarkedProcesses.VARIABLE, processes.mark())
            .start(
                "run",
                NextflowRun.root().resolve("workflows/main.nf").toString(),
                "-profile",
                "test,spawn",
                "--chunk_span",
                "4K")) {
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                processes
                    .find("SpawnChunksCommand call")
                    .ifPresent(rank -> keyFile.set(variable(rank.pid(), "SPAWN_CHANNEL_KEY")));
                return !keyFile.get().isEmpty();
              });
      Path file = Path.of(keyFile.get());
      String key = Files.readString(file).strip();
      assertThat(key).matches("[0-9a-f]{64}");
      assertThat(Shell.out(dir, "stat -c %%a '%s'".formatted(file)).strip()).isEqualTo("600");
      for (MarkedProcesses.Marked process : processes.all()) {
        assertThat(process.commandLine()).doesNotContain(key);
        assertThat(environment(process.pid())).doesNotContain(key);
      }
      assertThat(run.await(Duration.ofMinutes(3)).exit()).as(run.output()).isZero();
      assertThat(run.output()).doesNotContain(key);
      assertThat(Shell.out(dir, "grep -rlF '%s' . .nextflow* || true".formatted(key))).isEmpty();
      assertThat(file).doesNotExist();
    }
  }

  private static String variable(long pid, String name) {
    for (String entry : environment(pid).split("\0", -1)) {
      if (entry.startsWith(name + "=")) {
        return entry.substring(name.length() + 1);
      }
    }
    return "";
  }

  private static String environment(long pid) {
    try {
      return Files.readString(
          Path.of("/proc/%d/environ".formatted(pid)), java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
