package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Samtools;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  @TempDir Path dir;

  @Test
  void shouldPrintUrlsServeAndEndWhenToldTo() throws Exception {
    Path bam = dir.resolve("a.bam");
    new GeneratedBam(9)
        .addRecords(40)
        .sortByCoordinate()
        .write(bam, GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
    Path dataset = Datasets.convert(bam, dir.resolve("a.bams3"));
    Process process =
        new ProcessBuilder(CommandRun.command("serve", "--port", "0", dataset.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String url = out.readLine();
      assertThat(url).matches("http://127\\.0\\.0\\.1:\\d+/reads/a");
      assertThat(Samtools.text("view", url)).isEqualTo(Samtools.view(bam));
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldRefuseTwoDatasetsOfOneId() throws Exception {
    CommandRun run = CommandRun.of("serve", "x/a.bams3", "s3://b/a.bams3/");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "bams3: x/a.bams3 and s3://b/a.bams3/ have the same id, a; serve them one by one\n");
  }
}
