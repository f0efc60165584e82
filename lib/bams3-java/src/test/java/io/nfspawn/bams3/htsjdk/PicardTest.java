package io.nfspawn.bams3.htsjdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.Samtools;
import io.nfspawn.bams3.simulate.SimulationOptions;
import io.nfspawn.bams3.simulate.Simulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stock Picard, which knows nothing of datasets, reads one as it reads the BAM file. */
class PicardTest {
  @TempDir static Path dir;
  private static Path bam;
  private static Path dataset;

  @BeforeAll
  static void simulate() throws Exception {
    new Simulator(new SimulationOptions(1, 20_000, 20, 100, "demo")).writeTo(dir.resolve("run"));
    bam = dir.resolve("run").resolve("sample.bam");
    dataset = Datasets.convert(bam, dir.resolve("sample.bams3"));
  }

  @Test
  void shouldMarkTheSameDuplicatesWhenGivenADataset() throws Exception {
    Path fromFile = dir.resolve("file.bam");
    Path fromDataset = dir.resolve("dataset.bam");
    picard("MarkDuplicates", "I=" + bam, "O=" + fromFile, "M=" + dir.resolve("file.txt"));
    picard("MarkDuplicates", "I=" + url(), "O=" + fromDataset, "M=" + dir.resolve("dataset.txt"));
    assertThat(Samtools.view(fromDataset)).isEqualTo(Samtools.view(fromFile)).isNotEmpty();
    assertThat(metrics("dataset.txt")).isEqualTo(metrics("file.txt"));
  }

  private static String url() {
    return "file:" + dataset;
  }

  private static List<String> metrics(String name) throws IOException {
    return Files.readAllLines(dir.resolve(name)).stream()
        .filter(line -> !line.startsWith("#"))
        .collect(Collectors.toList());
  }

  private static void picard(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.add(
        "-Dsamjdk.custom_reader=file:%s,%s"
            .formatted(dataset, DatasetReaderFactory.class.getName()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("picard.cmdline.PicardCommandLine");
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("VERBOSITY=ERROR", "QUIET=true", "USE_JDK_DEFLATER=true", "USE_JDK_INFLATER=true"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
