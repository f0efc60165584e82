package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.DatasetOpenException;
import io.nfspawn.bams3.GeneratedBam;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at several moments: nothing opens, and the next conversion cleans up. */
@Tag("long")
class KilledConversionTest {
  @TempDir Path dir;

  @Test
  void shouldLeaveNothingThatOpensWhenKilled() throws Exception {
    Path bam =
        new GeneratedBam(31)
            .addRecords(50_000)
            .sortByCoordinate()
            .write(dir.resolve("in.bam"), GeneratedBam.header(""));
    byte[] input = Files.readAllBytes(bam);
    Path target = dir.resolve("d.bams3");
    // the conversion waits for its input, so how far it has come is known without sleeping
    for (int tenth : new int[] {3, 5, 7, 9}) {
      killAfter(input, input.length * tenth / 10, target);
      assertThatThrownBy(() -> Dataset.open(target)).isInstanceOf(DatasetOpenException.class);
      assertThat(dir.resolve(".d.bams3.unfinished")).exists();
      assertThatThrownBy(() -> Dataset.open(dir.resolve(".d.bams3.unfinished")))
          .isInstanceOf(DatasetOpenException.class);
    }
    CommandRun again = CommandRun.of("convert", bam.toString(), target.toString());
    assertThat(again.exitCode()).isZero();
    assertThat(CommandRun.of("verify", target.toString()).exitCode()).isZero();
    assertThat(dir.resolve(".d.bams3.unfinished")).doesNotExist();
  }

  private void killAfter(byte[] input, int bytes, Path target)
      throws IOException, InterruptedException {
    Path staging = target.resolveSibling(".d.bams3.unfinished");
    Process process =
        new ProcessBuilder(
                CommandRun.command(
                    "convert", "--threads", "1", "--span", "4K", "-", target.toString()))
            .redirectErrorStream(true)
            .start();
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.write(input, 0, bytes);
      pipe.flush();
      awaitExists(staging, process);
      process.destroyForcibly();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } catch (IOException e) {
      assertThat(process.isAlive()).isFalse();
    }
  }

  private static void awaitExists(Path path, Process process) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(path) && process.isAlive()) {
      assertThat(System.nanoTime()).as("waited 30 s for %s", path).isLessThan(deadlineNs);
      Thread.onSpinWait();
    }
  }
}
