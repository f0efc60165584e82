package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * After a change, {@code -resume} publishes what a fresh run would, which is what bcftools gives
 * over the whole file; what lies upstream stays cached. One directory, changed step by step, as a
 * user does.
 */
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ResumeTest {
  private static final String VCF = "results/NA12878.chr20.10mb/NA12878.chr20.10mb.vcf.gz";

  @TempDir static Path dir;

  private static Path data;

  @BeforeAll
  static void callOnce() {
    data = NextflowRun.sharedData("NA12878");
    assumeTrue(data != null, "skipped: no ../shared/data/NA12878 beside the source tree");
    Shell.out(
        dir,
        "mkdir tree && cp -r '%1$s/workflows' '%1$s/conf' tree/".formatted(NextflowRun.root()));
    call();
    assertThat(body()).isEqualTo(sequential(""));
  }

  @Test
  @Order(1)
  void shouldRunNothingAgainAfterSuccess() {
    assertThat(call("-resume"))
        .contains("CHUNKS_MERGE            1      cached")
        .doesNotContain("Submitted process");
    assertThat(body()).isEqualTo(sequential(""));
  }

  @Test
  @Order(2)
  void shouldRunTheWholeGangAgainAfterAnEditOfTheCallScript() throws IOException {
    edit("workflows/modules/chunks/call/main.nf", "    spawn-chunks call", "    true\n$0");

    assertThat(call("-resume"))
        .contains("BAMS3_CONVERT           1      cached")
        .contains("CHUNKS_PLAN             1      cached")
        .containsPattern("CHUNKS_DISTRIBUTE +1 +\\d+\\.\\d s")
        .containsPattern("CHUNKS_MERGE +1 +\\d+\\.\\d s");
    assertThat(body()).isEqualTo(sequential(""));
  }

  @Test
  @Order(3)
  void shouldRunTheWholeGangAgainAfterAnEditOfTheMergeScript() throws IOException {
    edit("workflows/modules/chunks/merge/main.nf", "    spawn-chunks merge", "    true\n$0");

    assertThat(call("-resume"))
        .contains("BAMS3_CONVERT           1      cached")
        .containsPattern("CHUNKS_CALL +2 +\\d+\\.\\d s");
    assertThat(body()).isEqualTo(sequential(""));
  }

  @Test
  @Order(4)
  void shouldCallAgainAfterChangedCallerArgs() {
    assertThat(call("-resume", "--caller_args", "-Q 30"))
        .contains("BAMS3_CONVERT           1      cached")
        .containsPattern("CHUNKS_CALL +2 +\\d+\\.\\d s");
    assertThat(body()).isEqualTo(sequential("-Q 30")).isNotEqualTo(sequential(""));
  }

  private static String call(String... more) {
    List<String> line = new ArrayList<>(List.of("run"));
    line.add(dir.resolve("tree/workflows/main.nf").toString());
    line.addAll(List.of("-profile", "spawn"));
    line.addAll(List.of("--input", data.resolve("NA12878.chr20.10mb.bam").toString()));
    line.addAll(List.of("--fasta", data.resolve("hg19.chr20.part.fasta.gz").toString()));
    line.addAll(List.of(more));
    NextflowRun.Outcome done = NextflowRun.in(dir).run(line.toArray(String[]::new));
    assertThat(done.exit()).as(done.output()).isZero();
    return done.output();
  }

  private static String body() {
    return Shell.out(dir, "bcftools view -H " + VCF);
  }

  private static String sequential(String arguments) {
    return Shell.out(
        dir,
        ("bcftools mpileup %2$s -f '%1$s/hg19.chr20.part.fasta.gz' '%1$s/NA12878.chr20.10mb.bam'"
                + " 2>/dev/null | bcftools call -mv 2>/dev/null | grep -v '^#'")
            .formatted(data, arguments));
  }

  private static void edit(String file, String line, String replacement) throws IOException {
    Path path = dir.resolve("tree").resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(line);
    Files.writeString(path, text.replace(line, replacement.replace("$0", line)));
  }
}
