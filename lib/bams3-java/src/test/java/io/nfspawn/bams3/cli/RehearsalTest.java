package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Samtools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @TempDir Path directory;

  @Test
  void shouldRunEveryCommandOnRecordsThatSamtoolsTakes() throws Exception {
    rehearse();
    rehearse("short");
    assertThat(Samtools.text("view", "-c", directory.resolve("rehearsal.bam").toString()).strip())
        .isEqualTo("64");
  }

  private void rehearse(String... which) throws Exception {
    List<String> command = CommandRun.command(directory.toString());
    command.set(command.indexOf("io.nfspawn.bams3.cli.Bams3Command"), Rehearsal.class.getName());
    command.addAll(List.of(which));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor())
        .as("%s", (Object) Files.readAllLines(directory.resolve("out")))
        .isZero();
  }
}
