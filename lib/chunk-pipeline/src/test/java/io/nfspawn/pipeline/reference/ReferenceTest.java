package io.nfspawn.pipeline.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReadWhatSamtoolsReadsWhenPlainOrCompressed(boolean compressed) throws Exception {
    Path fasta = Samples.fasta(directory, "a", "200000", "b", "77");
    if (compressed) {
      Tool.stdout("bgzip " + fasta);
      fasta = fasta.resolveSibling("reference.fa.gz");
    }
    int[][] ranges = {{0, 1}, {0, 200000}, {59, 61}, {60, 120}, {131071, 131073}, {199999, 200000}};
    try (Scratch scratch = Scratch.open("test");
        Reference reference = Reference.open(fasta, scratch)) {
      for (int[] range : ranges) {
        String region = "a:" + (range[0] + 1) + "-" + range[1];
        String expected =
            Tool.stdout("samtools faidx -n 0 %s %s | tail -n +2".formatted(fasta, region)).strip();
        String actual =
            new String(reference.bases("a", range[0], range[1]), StandardCharsets.US_ASCII);
        assertThat(actual).as(region).isEqualTo(expected.replace("\n", ""));
      }
      assertThat(reference.contigs()).containsEntry("a", 200000).containsEntry("b", 77);
    }
    assertThat(fasta.resolveSibling(fasta.getFileName() + ".fai")).exists();
  }

  @Test
  void shouldUseTheIndexOfTheFileItselfWhenGivenALink() throws Exception {
    Path fasta = Samples.fasta(directory, "a", "100");
    Tool.stdout("samtools faidx " + fasta);
    Path work = Files.createDirectory(directory.resolve("work"));
    Path link = Files.createSymbolicLink(work.resolve("staged.fa"), fasta);
    try (Scratch scratch = Scratch.open("test");
        Reference reference = Reference.open(link, scratch)) {
      assertThat(reference.fasta()).isEqualTo(fasta.toRealPath());
    }
    assertThat(work).isDirectoryNotContaining("glob:**.fai");
  }

  @Test
  void shouldSayWhatToGiveWhenThereIsNoSuchFile() {
    Path absent = directory.resolve("absent.fa");
    try (Scratch scratch = Scratch.open("test")) {
      assertThatThrownBy(() -> Reference.open(absent, scratch))
          .hasMessage(
              "reference "
                  + absent
                  + " does not exist; give an indexed FASTA file with --reference");
    }
  }
}
