package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plain caller finds in simulated data: near the truth, but not for free. */
@Tag("long")
@Tag("tools")
class AccuracyGateTest {
  private static final Path SCRIPT =
      Path.of(System.getProperty("spawn.root", "../..")).resolve("workflows/bin/vcf-accuracy");

  @TempDir Path scratch;

  @Test
  void shouldPassTheGateAndLoseRecallWithTheCalls() throws Exception {
    ToolRun tools = new ToolRun(scratch.resolve("data"));
    JsonNode all = callAndScore(1, tools);
    assertGate(all);

    long dropSeed = new Random().nextLong();
    Random random = new Random(dropSeed);
    String[] lines = tools.output("zcat calls.vcf.gz").split("\n", -1);
    StringBuilder kept = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith("#") || random.nextInt(10) != 0) {
        kept.append(line).append('\n');
      }
    }
    Files.writeString(scratch.resolve("data/fewer.vcf"), kept.toString().strip() + "\n");
    tools.output("bgzip fewer.vcf");
    JsonNode fewer = score("fewer.vcf.gz", tools);

    assertThat(recall(all) - recall(fewer))
        .as("drop seed %d", dropSeed)
        .isCloseTo(0.1, Offset.offset(0.04));
  }

  @EnabledIfSystemProperty(named = "spawn.soak", matches = "true")
  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  void shouldPassTheGateWhateverTheSeed(long seed) throws Exception {
    assertGate(callAndScore(seed, new ToolRun(scratch.resolve("data"))));
  }

  private JsonNode callAndScore(long seed, ToolRun tools) throws Exception {
    new Simulator(SimulationOptions.ofSeed(seed)).writeTo(tools.directory());
    tools.output(
        "bcftools mpileup -f reference.fa sample.bam | bcftools call -mv -Oz -o calls.vcf.gz");
    return score("calls.vcf.gz", tools);
  }

  private static JsonNode score(String calls, ToolRun tools) throws Exception {
    String json =
        tools.output(
            "'%s' --truth truth.vcf.gz --calls %s --reference reference.fa"
                .formatted(SCRIPT.toAbsolutePath(), calls));
    return new ObjectMapper().readTree(json);
  }

  private static void assertGate(JsonNode accuracy) {
    assertThat(accuracy.at("/snv/recall").asDouble()).as("%s", accuracy).isBetween(0.97, 0.9999);
    assertThat(accuracy.at("/snv/precision").asDouble())
        .as("%s", accuracy)
        .isGreaterThanOrEqualTo(0.99);
    assertThat(accuracy.at("/indel/recall").asDouble())
        .as("%s", accuracy)
        .isGreaterThanOrEqualTo(0.90);
    assertThat(accuracy.at("/indel/precision").asDouble())
        .as("%s", accuracy)
        .isGreaterThanOrEqualTo(0.95);
  }

  private static double recall(JsonNode accuracy) {
    double found = accuracy.at("/snv/tp").asInt() + accuracy.at("/indel/tp").asInt();
    double missed = accuracy.at("/snv/fn").asInt() + accuracy.at("/indel/fn").asInt();
    return found / (found + missed);
  }
}
