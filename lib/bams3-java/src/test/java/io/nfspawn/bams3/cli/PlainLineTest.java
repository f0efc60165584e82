package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stats d",
        "stats --scan --json d",
        "depth d c:1-5 -o x",
        "query --count d c:1-5 *",
        "query d",
        "to-bam d - --level 0 --threads 2"
      })
  void shouldTakeLineWhenItIsPlain(String line) {
    assertThat(PlainLine.command(line.split(" "))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "stats",
        "stats --help",
        "stats a b",
        "stats --stats d",
        "depth",
        "depth a b c",
        "depth d -o",
        "query -F 4 d",
        "query --s3-region x d",
        "to-bam d",
        "to-bam d - --level 10",
        "to-bam d - --level=0",
        "to-bam d - --level ten",
        "to-bam d - --threads 0",
        "convert a b",
        "stat d"
      })
  void shouldLeaveLineToPicocliWhenItIsNotPlain(String line) {
    assertThat(PlainLine.command(line.split(" "))).isNull();
  }

  @Test
  void shouldSplitLineIntoOptionsAndOperandsWhenAllAreKnown() {
    PlainLine line =
        PlainLine.parse(
            new String[] {"command", "a", "--flag", "-n", "7", "-"}, Set.of("--flag", "-n="));

    assertThat(line).isNotNull();
    assertThat(line.has("--flag")).isTrue();
    assertThat(line.number("-n", 0, 9, 1)).isEqualTo(7);
    assertThat(line.number("-n", 0, 6, 1)).isEqualTo(-1);
    assertThat(line.number("-m", 0, 9, 1)).isEqualTo(1);
    assertThat(line.operands()).containsExactly("a", "-");
  }
}
