package io.nfspawn.vcfmerge.cli;

import io.nfspawn.vcfmerge.CallerInfo;
import io.nfspawn.vcfmerge.ChunkFile;
import io.nfspawn.vcfmerge.ChunkId;
import io.nfspawn.vcfmerge.ChunkResult;
import io.nfspawn.vcfmerge.IndexFormat;
import io.nfspawn.vcfmerge.MergeLimits;
import io.nfspawn.vcfmerge.MergePlan;
import io.nfspawn.vcfmerge.MergeReceipt;
import io.nfspawn.vcfmerge.MergeRequest;
import io.nfspawn.vcfmerge.MergeTarget;
import io.nfspawn.vcfmerge.OrderedMerge;
import io.nfspawn.vcfmerge.VcfSource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vcf-merge}: chunk VCFs of one sample to one VCF with index and receipt. */
@Command(
    name = "vcf-merge",
    description = "Merges the chunk VCFs of one sample into one VCF with index and receipt.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionFromJar.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  vcf-merge calls/*.vcf.gz -o NA12878.vcf.gz",
      "  vcf-merge --plan plan.json --files chunks.txt -o NA12878.vcf.gz --index csi",
      "  vcf-merge @chunks.txt -o - | bcftools stats -",
      "",
      "Without a plan the chunks are put in the order of their first records and the receipt",
      "says complete: unknown. A chunk's id is its ##spawn_chunk= header line, else its file name."
    })
public final class VcfMergeCommand implements Callable<Integer> {
  private static final String STREAM = "-";
  private static final ChunkId STDIN = new ChunkId("stdin");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "<chunk.vcf.gz>",
      arity = "0..*",
      description = "VCF, plain, gzip or BGZF; - alone is stdin; @list names a file of names.")
  private List<String> chunks = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "<out.vcf.gz>",
      description = "Result; - is stdout (no index).")
  private String output;

  @Option(names = "--plan", description = "plan.json of spawn-chunks plan: order and completeness.")
  private @Nullable Path planFile;

  @Option(names = "--files", paramLabel = "LIST", description = "File with one chunk name a line.")
  private @Nullable Path fileList;

  @Option(names = "--index", description = "tbi or csi (default: csi above 512 Mbp a contig).")
  private @Nullable String index;

  @Option(names = "--stats", description = "Receipt (default: <out>.merge_stats.json).")
  private @Nullable Path stats;

  @Option(names = "--sample", description = "Sample id for the receipt.")
  private @Nullable String sample;

  @Option(names = "--caller-version", paramLabel = "TEXT", description = "For the receipt.")
  private @Nullable String callerVersion;

  @Option(
      names = "--caller-command",
      paramLabel = "TEXT",
      description = "For receipt and header (##spawn_callerCommand).")
  private @Nullable String callerCommand;

  @Option(
      names = "--ignore-key",
      paramLabel = "KEY",
      description = "Further header key that may differ between chunks and is left out.")
  private Set<String> ignoredKeys = Set.of();

  @Option(
      names = "--buffer",
      defaultValue = "64M",
      converter = SizeConverter.class,
      description = "Text kept in memory (default: ${DEFAULT-VALUE}).")
  private long bufferBytes;

  @Option(names = "--scratch", description = "Directory for what exceeds it (default: TMPDIR).")
  private @Nullable Path scratch;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads that compress (default: ${DEFAULT-VALUE}).")
  private int threads;

  public static void main(String[] args) {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "io.nfspawn.vcfmerge.logback.xml");
    }
    System.exit(commandLine().execute(args));
  }

  /** For tests and for programs that embed the command. */
  public static CommandLine commandLine() {
    return new CommandLine(new VcfMergeCommand())
        .setUseSimplifiedAtFiles(true)
        .setExecutionExceptionHandler(VcfMergeCommand::report);
  }

  private static int report(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(e instanceof IOException)) {
      throw e;
    }
    String reason =
        e instanceof NoSuchFileException ? e.getMessage() + ": does not exist" : e.getMessage();
    command.getErr().println("vcf-merge: " + reason);
    return 1;
  }

  @Override
  public Integer call() throws IOException {
    List<Path> paths = inputs();
    boolean toStdout = output.equals(STREAM);
    IndexFormat indexFormat = indexFormat();
    requireUsage(threads >= 1, "--threads " + threads + ": at least 1");
    requireUsage(!toStdout || index == null, "--index needs a file, but the output is stdout");
    requireUsage(
        toStdout || output.matches(".*\\.vcf\\.b?gz"),
        "-o " + output + ": the name must end in .vcf.gz");
    MergePlan plan = planFile == null ? null : MergePlan.read(planFile);
    if (chunks.equals(List.of(STREAM))) {
      requireUsage(plan == null, "--plan needs chunk files, but the input is stdin");
      merge(request(MergePlan.inOrder(List.of(STDIN)), indexFormat, null), stdin());
    } else {
      ChunkFiles files = ChunkFiles.of(paths, plan);
      merge(request(files.plan(), indexFormat, files.sample()), results(files));
    }
    return 0;
  }

  private List<Path> inputs() throws IOException {
    List<String> names = new ArrayList<>(chunks);
    if (fileList != null) {
      Files.readAllLines(fileList).stream().filter(n -> !n.isBlank()).forEach(names::add);
    }
    requireUsage(!names.isEmpty(), "no chunks given: name files, --files LIST or - for stdin");
    requireUsage(
        names.size() == 1 || !names.contains(STREAM), "- (stdin) cannot be merged with files");
    return names.stream().map(Path::of).toList();
  }

  private @Nullable IndexFormat indexFormat() {
    if (index == null) {
      return null;
    }
    requireUsage(index.matches("tbi|csi"), "--index " + index + ": expected tbi or csi");
    return IndexFormat.valueOf(index.toUpperCase(Locale.ROOT));
  }

  private void requireUsage(boolean condition, String problem) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }

  private MergeRequest request(
      MergePlan plan, @Nullable IndexFormat format, @Nullable String column) {
    MergeTarget target;
    String stem = column == null ? "sample" : column;
    if (output.equals(STREAM)) {
      target = new MergeTarget.ToStream(new FileOutputStream(FileDescriptor.out));
    } else {
      Path vcf = Path.of(output);
      MergeTarget.ToFiles beside = MergeTarget.beside(vcf);
      target = new MergeTarget.ToFiles(vcf, format, stats == null ? beside.stats() : stats);
      stem = ChunkFile.stem(vcf);
    }
    String planned = plan.sample() == null ? stem : plan.sample();
    return MergeRequest.of(sample == null ? planned : sample, target, plan)
        .withCaller(caller())
        .withInvocationKeys(ignoredKeys.toArray(String[]::new))
        .withLimits(limits());
  }

  private CallerInfo caller() {
    return callerCommand == null
        ? new CallerInfo(callerVersion, null, null)
        : CallerInfo.of(callerVersion, callerCommand);
  }

  private MergeLimits limits() {
    Path directory = scratch == null ? MergeLimits.defaults().scratch() : scratch;
    return new MergeLimits(bufferBytes, directory, threads);
  }

  private static List<ChunkResult> stdin() {
    return List.of(ChunkResult.of(STDIN, VcfSource.of("stdin", System.in)));
  }

  private static List<ChunkResult> results(ChunkFiles files) {
    List<ChunkResult> results = new ArrayList<>();
    files.byId().forEach((id, file) -> results.add(ChunkResult.of(id, VcfSource.of(file.path()))));
    return results;
  }

  private void merge(MergeRequest request, List<ChunkResult> results) throws IOException {
    try (OrderedMerge merge = OrderedMerge.open(request);
        MergeProgress progress = new MergeProgress(results.size())) {
      for (ChunkResult result : results) {
        merge.accept(result);
        progress.step();
      }
      MergeReceipt receipt = merge.finish();
      if (stats != null && request.target() instanceof MergeTarget.ToStream) {
        receipt.write(stats);
      }
    }
  }
}
