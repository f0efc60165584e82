package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every model's reads are sound to samtools and the same again. */
class ReadModelTest {
  @TempDir Path scratch;

  private static SimulationOptions options(ReadModel model) {
    int readBp = model.isPaired() ? 101 : 3_000;
    return new SimulationOptions(5, 40_000, 20, readBp, "NA00005", model);
  }

  @ParameterizedTest
  @EnumSource(ReadModel.class)
  void shouldBeSoundAndTheSameAgainWhateverTheModel(ReadModel model) throws Exception {
    SimulationSummary made = new Simulator(options(model)).writeTo(scratch.resolve("one"));
    new Simulator(options(model)).writeTo(scratch.resolve("two"));

    ToolRun tools = new ToolRun(scratch.resolve("one"));
    assertThat(made.reads()).isGreaterThan(model.isPaired() ? 7_900 : 260);
    assertThat(Files.mismatch(scratch.resolve("one/sample.bam"), scratch.resolve("two/sample.bam")))
        .isEqualTo(-1);
    assertThat(tools.output("samtools quickcheck sample.bam")).isEmpty();
    assertThat(tools.output("samtools calmd sample.bam reference.fa 2>&1 > /dev/null")).isEmpty();
    assertThat(tools.output("samtools view sample.bam | cut -f 1 | sort | uniq -c | sort -k 1,1nr"))
        .startsWith(model.isPaired() ? "      2 " : "      1 ");
  }
}
