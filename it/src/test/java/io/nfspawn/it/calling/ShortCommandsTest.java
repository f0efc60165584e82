package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bams3 is soon done with, as its launcher starts it: from the AOT cache. */
final class ShortCommandsTest {
  private static final Path BIN = NextflowRun.root().resolve("workflows/bin");

  /** With it a JVM that cannot use its cache ends at once instead of doing without. */
  private static final String ONLY_CACHED = "SPAWN_JAVA_OPTS=-XX:AOTMode=on ";

  @TempDir Path dir;

  @Test
  void shouldStartFromTheCacheAndAgreeWithSamtools() {
    String jdk = sourced("echo $SPAWN_JDK_VERSION");
    assumeTrue(Integer.parseInt(jdk) >= 25, "skipped: the newest JDK here is " + jdk + ", not 25");
    assertThat(Path.of(sourced("spawn_tools " + BIN), "../cds", jdk, "bams3.aot")).exists();
    String bams3 = BIN.resolve("bams3").toString();
    Shell.out(dir, bams3 + " simulate --length 64K --out sim");
    Shell.out(dir, bams3 + " convert sim/sample.bam s.bams3");

    String stats = Shell.out(dir, ONLY_CACHED + bams3 + " stats --scan s.bams3");
    String count = Shell.out(dir, ONLY_CACHED + bams3 + " query --count s.bams3 chr21:1000-9000");
    String depth = Shell.out(dir, ONLY_CACHED + bams3 + " depth s.bams3 chr21:1000-1100");

    assertThat(stats).startsWith(Shell.out(dir, "samtools flagstat sim/sample.bam"));
    assertThat(count).isEqualTo(Shell.out(dir, "samtools view -c sim/sample.bam chr21:1000-9000"));
    assertThat(depth).isEqualTo(Shell.out(dir, "samtools depth -r chr21:1000-1100 sim/sample.bam"));
  }

  /** What the functions that launchers share say. */
  private String sourced(String line) {
    return Shell.out(dir, ". " + BIN + "/_spawn_java && spawn_choose_jdk && " + line).strip();
  }
}
