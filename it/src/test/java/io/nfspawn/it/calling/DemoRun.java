package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.it.run.MarkedProcesses;
import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The demo cut into many work items, so that there is a middle in which parts of it can be killed.
 *
 * @param temporary its {@code TMPDIR}
 */
record DemoRun(Path directory, Path temporary, MarkedProcesses processes) {
  static final Duration PATIENCE = Duration.ofMinutes(3);
  static final String MERGE = "SpawnChunksCommand merge";

  DemoRun(Path directory, Path temporary) {
    this(directory, temporary, new MarkedProcesses());
  }

  NextflowRun.Running start() {
    String main = NextflowRun.root().resolve("workflows/main.nf").toString();
    return NextflowRun.in(directory)
        .env(MarkedProcesses.VARIABLE, processes.mark())
        .env("TMPDIR", temporary.toString())
        .start("run", main, "-profile", "test,spawn", "--chunk_span", "4K");
  }

  Path vcf() {
    return directory.resolve("results/demo/demo.vcf.gz");
  }

  /** The same data as the run's own, called by bcftools in one piece. */
  static String calledInOnePiece(Path scratch) {
    return Shell.out(
        scratch,
        ("'%s/workflows/bin/bams3' simulate --out demo --sample demo --seed 1 --length 200K"
                + " > /dev/null; bcftools mpileup -f demo/reference.fa demo/sample.bam 2> /dev/null"
                + " | bcftools call -mv 2> /dev/null | grep -v '^#'")
            .formatted(NextflowRun.root()));
  }

  void untilCallingIsUnderWay() {
    untilANewRoundIsCalling(-1);
  }

  /** Waits for a caller at work whose merge is another process than that of the round before. */
  long untilANewRoundIsCalling(long mergeBefore) {
    AtomicLong merge = new AtomicLong(mergeBefore);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              processes.find(MERGE).ifPresent(found -> merge.set(found.pid()));
              return merge.get() != mergeBefore && processes.find("mpileup").isPresent();
            });
    return merge.get();
  }

  void assertNothingIsLeftWithin(Duration patience) {
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              assertThat(processes.all()).isEmpty();
              assertThat(temporary).as("left in TMPDIR").isEmptyDirectory();
            });
  }
}
