package io.nfspawn.vcfmerge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of bcftools on the real NA12878 slice, cut into chunks and merged again. */
class RealCallsTest {
  @TempDir static Path shared;
  private static List<String> header = List.of();
  private static List<String> records = List.of();

  @TempDir Path dir;

  @BeforeAll
  static void call() {
    Path data = Path.of(System.getProperty("spawn.root")).resolveSibling("shared/data/NA12878");
    Path bam = data.resolve("NA12878.chr20.10mb.bam");
    assumeTrue(Files.exists(bam), "no real data at " + data);
    Path bcf = shared.resolve("pileup.bcf");
    Path reference = data.resolve("hg19.chr20.part.fasta.gz");
    Tool.run("bcftools", "mpileup", "-Ou", "-o", bcf, "-f", reference, bam);
    List<String> lines = Tool.run("bcftools", "call", "-mv", "-Ov", bcf).lines().toList();
    header = lines.stream().filter(line -> line.startsWith("#")).toList();
    records = lines.stream().filter(line -> !line.startsWith("#")).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {250, 4096, 1 << 20})
  void shouldGiveTheSequentialBodyBack(int spanBp) throws IOException {
    Path vcf = dir.resolve("NA12878.vcf.gz");
    List<ChunkResult> results = chunks(spanBp);
    Collections.shuffle(results, new Random(spanBp));

    MergeReceipt receipt;
    try (OrderedMerge merge =
        OrderedMerge.open(
            MergeRequest.of("NA12878", MergeTarget.beside(vcf), MergePlan.openEnded()))) {
      for (ChunkResult result : results) {
        merge.accept(result);
      }
      receipt = merge.finish();
    }

    assertThat(receipt.totals().records()).isEqualTo(250);
    String body = String.join("\n", records) + "\n";
    assertThat(Tool.run("tabix", vcf, "chr20")).isEqualTo(body);
    assertThat(Tool.run("bcftools", "index", "-n", vcf)).isEqualTo("250\n");
    assertThat(Tool.run("bcftools", "view", "-h", "--no-version", vcf))
        .contains("##bcftools_callVersion=")
        .doesNotContain("Command=");
  }

  @Test
  void shouldHaveRealRecords() {
    assertThat(records).hasSize(250);
  }

  private static List<ChunkResult> chunks(int spanBp) {
    Map<Long, List<String>> byCore = new TreeMap<>();
    for (String line : records) {
      long pos = Long.parseLong(line.split("\t", 3)[1]);
      byCore.computeIfAbsent((pos - 1) / spanBp, core -> new ArrayList<>()).add(line);
    }
    List<ChunkResult> results = new ArrayList<>();
    byCore.forEach(
        (core, lines) -> {
          List<String> text = new ArrayList<>(header);
          text.add(text.size() - 1, "##bcftools_viewCommand=view -r " + core);
          text.addAll(lines);
          byte[] bytes = (String.join("\n", text) + "\n").getBytes(StandardCharsets.ISO_8859_1);
          results.add(ChunkResult.of(new ChunkId("c" + core), VcfSource.of("c" + core, bytes)));
        });
    return results;
  }
}
