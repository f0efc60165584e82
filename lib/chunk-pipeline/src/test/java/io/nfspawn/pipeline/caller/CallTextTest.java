package io.nfspawn.pipeline.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Interval;
import io.nfspawn.pipeline.WorkItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTextTest {
  private static final String HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\n";
  private static final WorkItem ITEM =
      WorkItem.of(new Interval(0, 100, 200), new Interval(0, 50, 250));

  @Test
  void shouldKeepTheCoreOnlyWhenRecordsLieInThePad() throws Exception {
    CallText.Calls calls =
        CallText.read(HEADER + "a\t100\tx\na\t101\tx\na\t200\tx\na\t201\tx\n", ITEM, "a", 0);
    assertThat(calls.header()).isEqualTo(HEADER);
    assertThat(calls.body()).isEqualTo("a\t101\tx\na\t200\tx\n");
    assertThat(calls.records()).isEqualTo(2);
  }

  @Test
  void shouldMovePositionsAndNothingElseWhenTheCallerSawAWindow() throws Exception {
    CallText.Calls calls = CallText.read(HEADER + "a\t7\tPOS=7;é\t7\n", ITEM, "a", 120);
    assertThat(calls.body()).isEqualTo("a\t127\tPOS=7;é\t7\n");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '', it printed nothing; expected VCF on its standard output
          'Usage: x|', 'its output is no VCF: no #CHROM line before ''Usage: x'''
          '##a|', 'its output is no VCF: no #CHROM line before '''''
          '#CHROM\tPOS|b\t120\tx|', 'its output has a line that is no record of this contig: ''b 120 x'''
          '#CHROM\tPOS|a\tx\tx|', 'its output has a line that is no record of this contig: ''a x x'''
          '#CHROM\tPOS|a\t120\tx', 'its output ends inside a line: ''a 120 x'''
          """)
  void shouldSayWhatIsWrongWhenItIsNoVcf(String text, String fault) {
    String printed = text == null ? "" : text.replace('|', '\n').replace("\\t", "\t");
    assertThatThrownBy(() -> CallText.read(printed, ITEM, "a", 0)).hasMessage(fault);
  }
}
