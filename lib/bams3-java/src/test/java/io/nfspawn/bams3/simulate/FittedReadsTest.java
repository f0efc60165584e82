package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the columns' sizes follow from, as often as in NA12878's slice. {@code
 * bench/bams3/column-bytes} compares the sizes themselves, on more reads than a test has time for.
 */
@Tag("tools")
class FittedReadsTest {
  @TempDir static Path scratch;

  private static ToolRun tools;
  private static double reads;

  @BeforeAll
  static void simulate() throws Exception {
    SimulationOptions options =
        new SimulationOptions(1, 100_000, 50, 101, "NA12878", ReadModel.HISEQ);
    new Simulator(options).writeTo(scratch.resolve("data"));
    tools = new ToolRun(scratch.resolve("data"));
    reads = count("flag >= 0");
  }

  private static long count(String filter) throws Exception {
    return Long.parseLong(
        tools.output("samtools view -c -e '" + filter + "' sample.bam chr21 chr22").strip());
  }

  /** The slice's counts in 50,000 reads; rare things come in few stretches and differ by more. */
  @Test
  void shouldHaveEveryKindOfReadAsOftenAsTheRealSlice() throws Exception {
    assertShare("[NM] >= 1", 9_358, 20);
    assertShare("[XM] >= 2", 2_611, 25);
    assertShare("[XT] == \"M\"", 833, 35);
    assertShare("[X0] && ([X0] > 1 || [X1] > 0)", 305, 50);
    assertShare("[XA]", 297, 50);
    assertShare("[XO] >= 1", 1_135, 45);
    assertShare("[SM] == 29", 1_622, 35);
    assertShare("mapq == 60", 47_376, 3);
    assertShare("[XC]", 2_360, 20);
  }

  private static void assertShare(String filter, double ofRealReads, double percent)
      throws Exception {
    assertThat(count(filter) / reads)
        .as(filter)
        .isCloseTo(ofRealReads / 50_000, Percentage.withPercentage(percent));
  }

  @Test
  void shouldListOtherPlacesInTheGenomeAsBwaDoes() throws Exception {
    String listed = tools.output("samtools view -e '[XA]' sample.bam | grep -o 'XA:Z:.*'");

    assertThat(listed.lines())
        .isNotEmpty()
        .allMatch(text -> text.matches("XA:Z:(chr\\w+,[+-]\\d+,\\d+M(1D\\d+M)?,\\d;)+.*"));
  }
}
