package io.nfspawn.pipeline.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.pipeline.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerArgumentsTest {

  @Test
  void shouldCallVariantsWithTheMultiallelicModelWhenNothingIsSaid() {
    CallerArguments arguments = CallerArguments.parse("");
    assertThat(arguments.mpileup()).isEmpty();
    assertThat(arguments.call()).containsExactly("-mv");
  }

  @Test
  void shouldSplitAtTheDoubleDashWhenBothCommandsGetWords() {
    CallerArguments arguments = CallerArguments.parse("-q 20 -a 'AD,DP' -- --ploidy 1 -P \"1e-3\"");
    assertThat(arguments.mpileup()).containsExactly("-q", "20", "-a", "AD,DP");
    assertThat(arguments.call()).containsExactly("-mv", "--ploidy", "1", "-P", "1e-3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-- -c", "-- -mAv", "-- -vm", "-- --consensus-caller -v"})
  void shouldLeaveTheModelToTheUserWhenTheWordsChooseOne(String text) {
    assertThat(CallerArguments.parse(text).call()).doesNotContain("-mv");
  }

  @ParameterizedTest
  @CsvSource({
    "-r chr1, 'mpileup cannot be set here: use --regions'",
    "-Bf other.fa, 'mpileup cannot be set here: use --reference'",
    "-- -mg5, 'call cannot be set here: blocks of a gVCF would cross the borders of work items'",
    "--gvcf 5, 'mpileup cannot be set here: blocks of a gVCF would cross the borders of work items'",
    "-- -Ob, 'call cannot be set here: the output is <sample>.vcf.gz'",
    "-- --targets=x, 'call cannot be set here: use --regions'",
  })
  void shouldNameTheOptionAndTheWayOutWhenItIsThePipelinesOwn(String text, String fault) {
    assertThatThrownBy(() -> CallerArguments.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--caller-args: ")
        .hasMessageEndingWith(fault);
  }

  @Test
  void shouldNotTakeValuesForOptionsWhenTheyLookLikeThem() {
    assertThat(CallerArguments.parse("-Q13 -s -r,sample -d 1000").depthLimit().max())
        .isEqualTo(255);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 250, DEFAULT",
    "-d 100, 100, DEFAULT",
    "-d1000, 255, DEFAULT",
    "--max-depth=80 -A, 80, WITH_ORPHANS",
    "--ns UNMAP -A, 250, ANY_MAPPED",
  })
  void shouldKnowTheDepthThatTheCallerKeeps(String text, int max, DepthLimit.Filter filter) {
    assertThat(CallerArguments.parse(text).depthLimit()).isEqualTo(new DepthLimit(max, filter));
  }

  @ParameterizedTest
  @CsvSource({
    "'', false",
    "-- --ploidy 1, false",
    "-- --ploidy GRCh37, true",
    "-- --ploidy-file p, true"
  })
  void shouldTellWhetherPositionsMatterToTheCaller(String text, boolean expected) {
    assertThat(CallerArguments.parse(text).dependOnPosition()).isEqualTo(expected);
  }

  @Test
  void shouldNameTheQuoteWhenItIsNotClosed() {
    assertThatThrownBy(() -> CallerArguments.parse("-a 'AD"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--caller-args: a quote ' is not closed: -a 'AD");
  }
}
