package io.nfspawn.bams3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionTest {
  private static final List<Contig> CONTIGS =
      contigs("chr1", "chr2", "HLA-A*01:01", "chr1:100-200", "chrM", "scaffold_12");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chr2 | 1 | 0 | 2147483647",
        "chr2:5 | 1 | 4 | 2147483647",
        "chr2:5- | 1 | 4 | 2147483647",
        "chr2:-9 | 1 | 0 | 9",
        "chr2:0-9 | 1 | 0 | 9",
        "chr2:1,000-2,000 | 1 | 999 | 2000",
        "chr2:1.5k-2K | 1 | 1499 | 2000",
        "chr2:1e3-1.5e3 | 1 | 999 | 1500",
        "chr2: | 1 | 0 | 2147483647",
        "HLA-A*01:01 | 2 | 0 | 2147483647",
        "HLA-A*01:01:3-4 | 2 | 2 | 4",
        "{HLA-A*01:01}:3-4 | 2 | 2 | 4",
        "{chr1}:100-200 | 0 | 99 | 200",
        "{chr1:100-200} | 3 | 0 | 2147483647",
      })
  void shouldReadRegionsAsSamtoolsDoes(String text, int contig, int start0, int end0)
      throws RegionException {
    assertThat(Region.parse(text, CONTIGS).toInterval())
        .isEqualTo(new Interval(contig, start0, end0));
  }

  @Test
  void shouldReadAStarAsTheUnplacedRecords() throws RegionException {
    assertThat(Region.parse("*", CONTIGS).isUnplaced()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chr1:100-200 | region chr1:100-200 is ambiguous: write {chr1:100-200} or {chr1}:100-200",
        "1 | region 1: there is no contig 1 in the header; did you mean chr1?",
        "MT:5 | region MT:5: there is no contig MT in the header; did you mean chrM?",
        "chrscaffold_12 | region chrscaffold_12: there is no contig chrscaffold_12 in the header; did you mean scaffold_12?",
        "Scafold_12:1-2 | region Scafold_12:1-2: there is no contig Scafold_12 in the header; did you mean scaffold_12?",
        "zebrafish | region zebrafish: there is no contig zebrafish in the header",
        "{chr1:5 | region {chr1:5 lacks its closing }",
        "chr2:9-5 | region chr2:9-5 ends (5) before it starts (9)",
        "chr2:5-x | region chr2:5-x is not understood; write CONTIG, CONTIG:START, CONTIG:START-END or CONTIG:-END, 1-based",
        "chr2:5+7 | region chr2:5+7 is not understood; write CONTIG, CONTIG:START, CONTIG:START-END or CONTIG:-END, 1-based",
      })
  void shouldSayWhatIsWrongWithARegion(String text, String message) {
    assertThatThrownBy(() -> Region.parse(text, CONTIGS))
        .isInstanceOfSatisfying(RegionException.class, e -> assertThat(e.region()).isEqualTo(text))
        .hasMessage(message);
  }

  @Test
  void shouldPrintWhatItCanReadAgain() throws RegionException {
    for (String text : List.of("chr2", "chr2:5", "chr2:5-9", "{HLA-A*01:01}:3-4")) {
      assertThat(Region.parse(text, CONTIGS)).hasToString(text);
    }
  }

  private static List<Contig> contigs(String... names) {
    List<Contig> contigs = new ArrayList<>();
    for (String name : names) {
      contigs.add(new Contig(contigs.size(), name, 1000));
    }
    return contigs;
  }
}
