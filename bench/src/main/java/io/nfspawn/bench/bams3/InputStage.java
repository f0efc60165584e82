package io.nfspawn.bench.bams3;

import com.sun.management.OperatingSystemMXBean;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.bam.BamRecords;
import io.nfspawn.bams3.bam.BgzfInput;
import io.nfspawn.bams3.codec.deflate.DeflateLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What reading, inflating, checking and splitting a BAM file costs the converter: CPU of the whole
 * process and wall time for each read, one line a round; the first rounds include warming up. The
 * peer is {@code samtools view -u -o /dev/null}. Choose with {@code
 * -Dbams3.deflate=libdeflate|jdk}.
 *
 * <pre>InputStage FILE.BAM [THREADS [ROUNDS]]</pre>
 */
public final class InputStage {
  private InputStage() {}

  /** Runs the rounds. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    for (int round = 1; round <= rounds; round++) {
      long cpu = system.getProcessCpuTime();
      long wall = System.nanoTime();
      long records = read(file, threads);
      cpu = system.getProcessCpuTime() - cpu;
      wall = System.nanoTime() - wall;
      System.out.printf(
          "library=%s threads=%d round=%d reads=%d cpuNs=%d wallNs=%d%n",
          DeflateLibrary.best().name(), threads, round, records, cpu / records, wall / records);
    }
  }

  private static long read(Path file, int threads) throws IOException {
    try (Workers workers = new Workers("inflate", threads);
        InputStream in = Files.newInputStream(file)) {
      BamRecords records =
          new BamRecords(new BgzfInput(in, file.toString(), workers), file.toString());
      RecordView view = new RecordView();
      long sum = 0;
      while (records.next(view)) {
        sum += view.start0();
      }
      if (sum == Long.MIN_VALUE) {
        throw new IllegalStateException("keeps the loop from being left out");
      }
      return records.records();
    }
  }
}
