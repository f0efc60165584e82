package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Samtools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bams3 head} beside {@code samtools head}. */
class HeadCommandTest {
  @TempDir static Path dir;
  static Path bam;
  static String dataset;

  @BeforeAll
  static void convert() throws Exception {
    bam =
        new GeneratedBam(61)
            .addRecords(20)
            .write(dir.resolve("in.bam"), GeneratedBam.header("@HD\tVN:1.6\tSO:unsorted"));
    dataset = Datasets.convert(bam, dir.resolve("d.bams3")).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-h 3", "-h 0 -n 2", "-n 1000", "-h 1000 -n 5"})
  void shouldEqualSamtoolsHead(String options) throws Exception {
    List<String> words = options.isEmpty() ? List.of() : List.of(options.split(" "));
    List<String> theirs = new ArrayList<>(List.of("head"));
    theirs.addAll(words);
    theirs.add(bam.toString());
    List<String> ours = new ArrayList<>(List.of("head"));
    ours.addAll(words);
    ours.add(dataset);
    CommandRun run = CommandRun.of(ours.toArray(new String[0]));
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo(Samtools.text(theirs.toArray(new String[0])));
  }

  @Test
  void shouldRefuseNegativeNumbers() throws Exception {
    CommandRun run = CommandRun.of("head", "-n", "-1", dataset);
    assertThat(run.err())
        .startsWith("bams3: -h and -n take numbers of lines, which are not negative\n");
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
