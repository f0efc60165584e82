package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, from the places where users type it. */
final class FrontDoorTest {
  private static final String MAIN = NextflowRun.root().resolve("workflows/main.nf").toString();

  @TempDir Path dir;

  @Test
  void shouldFindTheSimulatedVariantsAndSayWhereTheyAre() throws IOException {
    NextflowRun.Outcome done = NextflowRun.in(dir).run("run", MAIN, "-profile", "spawn");

    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(done.output())
        .contains("VCF      results/demo/demo.vcf.gz")
        .contains("index    results/demo/demo.vcf.gz.tbi")
        .contains("receipt  results/demo/demo.merge_stats.json")
        .containsPattern("SNVs +\\d+\\.\\d\\d% +\\d+\\.\\d\\d%")
        .containsPattern("CHUNKS_MERGE +1 +\\d+\\.\\d s");
    JsonNode found = accuracy(dir);
    assertThat(found.at("/snv/recall").asDouble()).isGreaterThanOrEqualTo(0.97);
    assertThat(found.at("/snv/precision").asDouble()).isGreaterThanOrEqualTo(0.99);
    assertThat(found.at("/indel/recall").asDouble()).isGreaterThanOrEqualTo(0.90);
    assertThat(found.at("/indel/precision").asDouble()).isGreaterThanOrEqualTo(0.95);
    Path demo = dir.resolve("results/demo");
    assertThat(Shell.out(demo, "bcftools view -H demo.vcf.gz | wc -l").strip())
        .isEqualTo(Shell.out(demo, "bcftools index -n demo.vcf.gz").strip());
  }

  @Test
  void shouldRunThroughALinkFromAPathWithASpaceAndGiveOtherNumbersForAnotherSeed()
      throws IOException {
    Path tree = Files.createDirectory(dir.resolve("a tree"));
    Shell.out(
        tree,
        "cd '%s' && cp -a pom.xml nextflow workflows conf lib plugins '%s'"
            .formatted(NextflowRun.root(), tree));
    Path link = Files.createSymbolicLink(dir.resolve("a link"), tree);
    Path launch = Files.createDirectory(dir.resolve("launch here"));
    Files.writeString(
        launch.resolve("nextflow.config"), "params.colour = 'blue'\nprocess.tag = 'unrelated'\n");

    NextflowRun.Outcome done =
        NextflowRun.in(launch)
            .launcher(link.resolve("nextflow").toString())
            .run("run", link.resolve("workflows/main.nf").toString(), "-profile", "test,spawn");

    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(launch.resolve("results/demo/demo.vcf.gz")).exists();

    NextflowRun.Outcome other =
        NextflowRun.in(dir).run("run", MAIN, "-profile", "test,spawn", "--seed", "7");
    assertThat(other.exit()).as(other.output()).isZero();
    assertThat(accuracy(dir)).isNotEqualTo(accuracy(launch));
  }

  @Test
  void shouldEndWellWhenTwoRunAtOnceInOneDirectory() throws IOException {
    String[] line = {"run", MAIN, "-profile", "test,spawn"};
    try (NextflowRun.Running one = NextflowRun.in(dir).start(line);
        NextflowRun.Running two = NextflowRun.in(dir).start(line)) {
      for (NextflowRun.Running running : List.of(one, two)) {
        NextflowRun.Outcome done = running.await(DemoRun.PATIENCE);
        assertThat(done.exit()).as(done.output()).isZero();
      }
    }
    assertThat(Shell.out(dir, "bcftools view -H results/demo/demo.vcf.gz"))
        .isEqualTo(DemoRun.calledInOnePiece(dir));
  }

  @Test
  void shouldDescribeTheParametersWhenAskedForHelp() {
    NextflowRun.Outcome done = NextflowRun.in(dir).run("run", MAIN, "-profile", "spawn", "--help");

    assertThat(done.exit()).as(done.output()).isZero();
    assertThat(done.output()).contains("--chunk_span").doesNotContain("Submitted process");
    assertThat(dir.resolve("results")).doesNotExist();
  }

  @Test
  void shouldFailWhenNoProfileWasGiven() {
    NextflowRun.Outcome done = NextflowRun.in(dir).run("run", MAIN);

    assertThat(done.exit()).isNotZero();
    assertThat(done.output())
        .contains(
            "the members of a gang need the spawn executor, but process.executor is 'local';"
                + " add -profile spawn to the command line");
  }

  @Test
  void shouldFailWhenTheProfileIsMisspelt() {
    NextflowRun.Outcome done = NextflowRun.in(dir).run("run", MAIN, "-profile", "spwan");

    assertThat(done.exit()).isNotZero();
    assertThat(done.output()).contains("Unknown configuration profile: 'spwan'");
    assertThat(dir.resolve("results")).doesNotExist();
  }

  private static JsonNode accuracy(Path launch) throws IOException {
    return new ObjectMapper().readTree(launch.resolve("results/demo/demo.accuracy.json").toFile());
  }
}
