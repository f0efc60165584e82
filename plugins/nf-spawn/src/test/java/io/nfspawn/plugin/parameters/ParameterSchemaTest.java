package io.nfspawn.plugin.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ParameterSchemaTest {
  private final ParameterSchema schema =
      ParameterSchema.read(
          Path.of(System.getProperty("spawn.root"), "workflows", "nextflow_schema.json"));

  @Test
  void shouldAcceptWhatTheConfigurationSetsByDefault() {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put("input", null);
    defaults.put("workers", 2);
    defaults.put("chunk_span", "auto");
    defaults.put("caller", "bcftools");
    defaults.put("caller_args", "");

    assertThat(problems(defaults)).isEmpty();
  }

  @Test
  void shouldAcceptNumbersWhereSpansAreMeant() {
    assertThat(problems(Map.of("chunk_span", 250, "chunk_pad", "1K"))).isEmpty();
  }

  @Test
  void shouldNameTheNearestParameterWhenOneIsMisspelt() {
    assertThat(problems(Map.of("chunk-span", "4K", "chunkSpan", "4K", "wokers", 3)))
        .containsExactly(
            "--chunk-span is not a parameter of this pipeline; did you mean --chunk_span?",
            "--wokers is not a parameter of this pipeline; did you mean --workers?");
  }

  @Test
  void shouldNameNoneWhenNothingIsNear() {
    assertThat(problems(Map.of("zzzzzzzzzz", 1)))
        .containsExactly("--zzzzzzzzzz is not a parameter of this pipeline");
  }

  @Test
  void shouldRefuseZeroWorkers() {
    assertThat(problems(Map.of("workers", 0)))
        .containsExactly("--workers 0: must have a minimum value of 1");
  }

  @Test
  void shouldRefuseWordsWhereNumbersAreMeant() {
    assertThat(problems(Map.of("workers", "two")))
        .containsExactly("--workers two: string found, integer expected");
  }

  @Test
  void shouldSayWhatASpanMayBe() {
    assertThat(problems(Map.of("chunk_span", "4KB")))
        .containsExactly(
            "--chunk_span 4KB: must be auto, or a number of bases such as 250, 4K or 1M");
  }

  @Test
  void shouldListWhatAChoiceMayBe() {
    assertThat(problems(Map.of("transfer", "values")))
        .containsExactly(
            "--transfer values: does not have a value in the enumeration"
                + " [\"auto\", \"value\", \"reference\"]");
  }

  @Test
  void shouldAskForTheReferenceWhenThereIsInput() {
    assertThat(problems(Map.of("input", "a.bam"))).containsExactly("--input needs --fasta as well");
  }

  @Test
  void shouldDescribeEveryParameterForHelp() {
    assertThat(schema.help())
        .contains("Calling\n")
        .contains("  --workers           Callers that run side by side for each sample. [2]\n");
  }

  @Test
  void shouldLetUnknownNamesOfAConfigurationPass() {
    assertThat(schema.problems(Map.of("colour", "blue"), name -> false)).isEmpty();
  }

  @Test
  void shouldReportAllProblemsTogether() {
    assertThat(problems(Map.of("workers", 0, "transfer", "x", "inputs", "y"))).hasSize(3);
  }

  private List<String> problems(Map<String, ?> parameters) {
    return schema.problems(parameters, name -> true);
  }
}
