package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script workflows/bin/vcf-accuracy on records written by hand. */
class VcfAccuracyTest {
  private static final String SCRIPT =
      Path.of(System.getProperty("spawn.root", "../..")).toAbsolutePath()
          + "/workflows/bin/vcf-accuracy";
  private static final String HEADER =
      """
      ##fileformat=VCFv4.2
      ##FILTER=<ID=PASS,Description="All filters passed">
      ##FILTER=<ID=low,Description="Low">
      ##contig=<ID=c1,length=40>
      ##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
      """;

  @TempDir Path scratch;

  @BeforeEach
  void writeReference() throws IOException {
    //                                            1234567890123456789012345678901234567890
    Files.writeString(scratch.resolve("ref.fa"), ">c1\nACGTTTTACGTACGGATCCATAGACCCATGGATTACAGAT\n");
  }

  /** Records as POS REF ALT FILTER GT, separated by semicolons. */
  private void vcf(String name, String records) throws Exception {
    StringBuilder text = new StringBuilder(HEADER);
    text.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts1\n");
    for (String record : records.split(";", -1)) {
      if (!record.isBlank()) {
        String[] f = record.strip().split(" +", -1);
        text.append(String.join("\t", "c1", f[0], ".", f[1], f[2], ".", f[3], ".", "GT", f[4]));
        text.append('\n');
      }
    }
    Files.writeString(scratch.resolve(name + ".vcf"), text);
    new ToolRun(scratch).output("bgzip -f " + name + ".vcf");
  }

  private JsonNode score(String truth, String calls) throws Exception {
    vcf("truth", truth);
    vcf("calls", calls);
    String json =
        new ToolRun(scratch)
            .output(
                "'%s' --truth truth.vcf.gz --calls calls.vcf.gz --reference ref.fa"
                    .formatted(SCRIPT));
    return new ObjectMapper().readTree(json);
  }

  private static String counts(JsonNode type) {
    return type.get("tp").asInt() + " " + type.get("fp").asInt() + " " + type.get("fn").asInt();
  }

  @Test
  void shouldCountSnvsAndIndelsApart() throws Exception {
    JsonNode found =
        score(
            "8 A C PASS 0|1; 12 A G PASS 1|1; 16 A AT PASS 1|0",
            "8 A C . 0/1; 12 A T . 1/1; 22 A G . 0/1; 16 A AT . 1/1");

    assertThat(counts(found.get("snv"))).isEqualTo("1 2 1");
    assertThat(found.at("/snv/precision").asDouble()).isEqualTo(0.333333);
    assertThat(found.at("/snv/recall").asDouble()).isEqualTo(0.5);
    assertThat(counts(found.get("indel"))).isEqualTo("1 0 0");
    assertThat(found.at("/indel/genotypeConcordance").asDouble()).isZero();
    assertThat(found.at("/snv/genotypeConcordance").asDouble()).isEqualTo(1);
    assertThat(found.get("id").asText()).isEqualTo("calls");
  }

  @Test
  void shouldMatchWhatIsWrittenInAnotherWay() throws Exception {
    JsonNode found =
        score("3 GT G PASS 0|1; 20 A C PASS 1|0; 20 A G PASS 0|1", "6 TT T . 1/0; 20 A C,G . 1/2");

    assertThat(counts(found.get("indel"))).isEqualTo("1 0 0");
    assertThat(counts(found.get("snv"))).isEqualTo("2 0 0");
  }

  @Test
  void shouldLeaveOutFilteredRecordsAndReferenceGenotypes() throws Exception {
    JsonNode found = score("8 A C PASS 0|1", "8 A C low 0/1; 12 A T PASS 0/0");

    assertThat(counts(found.get("snv"))).isEqualTo("0 0 1");
    assertThat(found.at("/snv/precision").isNull()).isTrue();
    assertThat(found.at("/snv/recall").asDouble()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--truth truth.vcf.gz | 2 | --calls is missing; see vcf-accuracy --help",
        "--calls | 2 | --calls needs a value; see vcf-accuracy --help",
        "--fast | 2 | unknown argument '--fast'; see vcf-accuracy --help",
        "--truth truth.vcf.gz --calls no.vcf.gz --reference ref.fa | 1 |"
            + " --calls=no.vcf.gz cannot be read; check the path",
        "--truth truth.vcf.gz --calls ref.fa --reference ref.fa | 1 |"
            + " ref.fa: Failed to read from ref.fa: unknown file type",
        "--truth truth.vcf.gz --calls wrong.vcf.gz --reference ref.fa -o out.json | 1 |"
            + " wrong.vcf.gz: Reference allele mismatch at c1:8 .. REF_SEQ:'A' vs VCF:'G'",
        "--truth truth.vcf.gz --calls truth.vcf.gz --reference ref.fa --id a/b | 2 |"
            + " --id='a/b' has characters other than letters, digits and . _ + -; see vcf-accuracy --help",
      })
  void shouldSayWhatIsWrongInOneLine(String arguments, int exit, String message) throws Exception {
    vcf("truth", "8 A C PASS 0|1");
    vcf("wrong", "8 G C PASS 0|1");

    Process process =
        new ProcessBuilder("bash", "-c", "'" + SCRIPT + "' " + arguments)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(exit);
    assertThat(said).isEqualTo("vcf-accuracy: " + message + "\n");
    assertThat(scratch.resolve("out.json")).doesNotExist();
  }

  @Test
  void shouldShowExamplesInHelp() throws Exception {
    assertThat(new ToolRun(scratch).output("'" + SCRIPT + "' --help"))
        .contains("Usage: vcf-accuracy", "Examples:");
  }
}
