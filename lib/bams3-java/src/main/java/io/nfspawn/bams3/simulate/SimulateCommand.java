package io.nfspawn.bams3.simulate;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bams3 simulate}: exit code 0 done, 1 failed, 2 usage. */
@Command(
    name = "simulate",
    sortOptions = false,
    description = {
      "Simulate a sequencing run: reference, truth and aligned reads.",
      "",
      "Writes reference.fa, truth.vcf.gz and sample.bam, each with its index, into a directory that"
          + " is new, empty or from an earlier simulation. The same seed gives the same data."
    },
    footer = {
      "",
      "Examples:",
      "  bams3 simulate --out demo",
      "  bams3 simulate --out other --seed 2 --sample NA00002",
      "  bams3 simulate --out deep --length 64K --coverage 400",
      "  bams3 simulate --out bench --model hiseq --reads 5000000",
      "",
      "K, M and G are 1024-based."
    })
public final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
  boolean help;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Directory for the files.")
  private Path out;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Seed of all random draws (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--model",
      defaultValue = "demo",
      converter = ReadModelName.class,
      paramLabel = "MODEL",
      description =
          "Whose reads: demo; hiseq, which compress as those of a real HiSeq 2000; novaseq, with"
              + " four quality levels; ont, long (default: ${DEFAULT-VALUE}).")
  private ReadModel model;

  @Option(
      names = "--length",
      converter = BaseCount.class,
      paramLabel = "BP",
      description =
          "Bases of the reference, over two contigs, e.g. 1200000 or 4M (default: "
              + SimulationOptions.DEFAULT_LENGTH_BP
              + ").")
  private @Nullable Long lengthBp;

  @Option(
      names = "--reads",
      paramLabel = "N",
      description = "Instead of --length: as long a reference as this many reads take, at least.")
  private @Nullable Long reads;

  @Option(
      names = "--coverage",
      paramLabel = "X",
      description = "Mean depth of the reads (default: 30; hiseq 50, ont 20).")
  private @Nullable Double coverage;

  @Option(
      names = "--read-length",
      paramLabel = "BP",
      description = "Bases of each read (default: 150), mean length for ont (default: 8000).")
  private @Nullable Integer readLengthBp;

  @Option(
      names = "--sample",
      defaultValue = SimulationOptions.DEFAULT_SAMPLE,
      paramLabel = "NAME",
      description = "Sample name in BAM and VCF (default: ${DEFAULT-VALUE}).")
  private String sample;

  @Override
  public Integer call() {
    SimulationOptions options = options();
    long startNs = System.nanoTime();
    try {
      SimulationSummary made = new Simulator(options).writeTo(out);
      report(options, made, (System.nanoTime() - startNs) / 1e9);
      return CommandLine.ExitCode.OK;
    } catch (SimulationException e) {
      spec.commandLine().getErr().println(spec.qualifiedName() + ": " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private SimulationOptions options() {
    if (lengthBp != null && reads != null) {
      throw new ParameterException(
          spec.commandLine(), "--length and --reads exclude each other; give one of them");
    }
    double depth = coverage != null ? coverage : model.defaultCoverage();
    int readBp = readLengthBp != null ? readLengthBp : model.defaultReadLengthBp();
    long bases = lengthBp != null ? lengthBp : SimulationOptions.DEFAULT_LENGTH_BP;
    if (reads != null) {
      bases = SimulationOptions.lengthForReads(reads, model, depth, readBp);
    }
    try {
      return new SimulationOptions(seed, bases, depth, readBp, sample, model);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void report(SimulationOptions options, SimulationSummary made, double seconds) {
    String text =
        String.format(
            Locale.ROOT,
            "simulated seed=%d contigs=%d bases=%,d snvs=%,d indels=%,d reads=%,d coverage=%s"
                + " out=%s seconds=%.1f",
            options.seed(),
            made.contigs(),
            options.lengthBp(),
            made.snvs(),
            made.indels(),
            made.reads(),
            options.coverage(),
            made.directory(),
            seconds);
    spec.commandLine().getErr().println(text);
  }
}
