package io.nfspawn.pipeline.caller;

import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.BamHeader;
import io.nfspawn.pipeline.bam.ItemRecords;
import io.nfspawn.pipeline.reference.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The built-in caller: {@code bcftools mpileup … | bcftools call …}, fed through stdin.
 *
 * <p>mpileup reads a whole contig of the reference into memory before the first position, which for
 * a human chromosome takes longer than calling a small work item. So an item is called on a window
 * of its contig: reference and records from {@value #MARGIN_BP} bases before its first record to as
 * many behind its last, with positions counted from the window's start, and POS is moved back in
 * the result. Options that make bcftools look at positions themselves ({@code --ploidy GRCh37})
 * switch that off.
 */
public final class BcftoolsCaller implements Caller {
  /** More than mpileup looks at around a position: its indel window is 110 bases. */
  private static final int MARGIN_BP = 2_000;

  private static final int LINE_END = 1;

  private final Reference reference;
  private final CallerArguments arguments;
  private final ResultNames names;
  private final Scratch scratch;
  private final DepthLimit depthLimit;
  private final String version;
  private final ExecutorService feeders =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "feed-caller");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param names what the header says
   * @param scratch for small files of each item; not closed here
   * @throws PipelineException when bcftools is not installed
   */
  public BcftoolsCaller(
      Reference reference, CallerArguments arguments, ResultNames names, Scratch scratch)
      throws InterruptedException {
    this.reference = reference;
    this.arguments = arguments;
    this.names = names;
    this.scratch = scratch;
    this.depthLimit = arguments.depthLimit();
    this.version = installedVersion();
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public String command() {
    return "bcftools mpileup -f "
        + reference.fasta().getFileName()
        + words(arguments.mpileup())
        + " | bcftools call"
        + words(arguments.call());
  }

  private static String words(List<String> words) {
    StringBuilder text = new StringBuilder();
    words.forEach(word -> text.append(' ').append(ShellWords.quote(word)));
    return text.toString();
  }

  /** What bcftools prints for the whole dataset's header and no record at all. */
  @Override
  public String header(BamHeader alignments, boolean needed) throws InterruptedException {
    ItemRecords none = new ItemRecords(alignments, ByteBuffer.allocate(0));
    ToolPipe.Outcome outcome =
        inScratch(directory -> run(directory, reference.fasta(), List.of(), none::writeBam));
    if (!outcome.fault().isEmpty()) {
      throw new CallerFailedException(
          "none", "header", outcome.fault() + hint(outcome.lastLines()), outcome.lastLines());
    }
    return names.canonical(outcome.output(), alignments, reference);
  }

  @Override
  public CalledItem call(WorkItem item, ItemRecords records) throws InterruptedException {
    if (records.isEmpty()) {
      return new CalledItem("", "", 0, List.of());
    }
    Contig contig = records.header().contigs().get(item.contigIndex());
    Window window = arguments.dependOnPosition() ? whole(contig) : around(item, records, contig);
    ToolPipe.Outcome outcome =
        inScratch(directory -> callWindow(directory, item, records, contig, window));
    String region = item.paddedRegion(contig.name());
    if (!outcome.fault().isEmpty()) {
      throw new CallerFailedException(
          item.id(), region, outcome.fault() + hint(outcome.lastLines()), outcome.lastLines());
    }
    try {
      CallText.Calls calls = CallText.read(outcome.output(), item, contig.name(), window.start0());
      List<Interval> overDepth = depthLimit.passedIn(item, records);
      return new CalledItem("", calls.body(), calls.records(), overDepth);
    } catch (CallText.NotVcfException e) {
      throw new CallerFailedException(
          item.id(), region, String.valueOf(e.getMessage()), outcome.lastLines());
    }
  }

  private ToolPipe.Outcome callWindow(
      Path directory, WorkItem item, ItemRecords records, Contig contig, Window window)
      throws IOException, InterruptedException {
    // A file, not -t: names of contigs may hold colons. 1-based, closed.
    Path targets = directory.resolve("targets.txt");
    Files.writeString(
        targets,
        contig.name()
            + "\t"
            + (item.padded().start0() - window.start0() + 1)
            + "\t"
            + (item.padded().end0() - window.start0())
            + "\n");
    List<String> region = List.of("-T", targets.toString());
    if (window.isWhole(contig)) {
      return run(directory, reference.fasta(), region, records::writeBam);
    }
    return run(
        directory,
        windowFasta(directory, contig, window),
        region,
        stdin ->
            records.writeWindowBam(
                stdin, contig.index(), window.start0(), window.end0() - window.start0()));
  }

  private ToolPipe.Outcome run(
      Path directory, Path fasta, List<String> region, ToolPipe.Feed records)
      throws IOException, InterruptedException {
    List<String> mpileup = new ArrayList<>(List.of("bcftools", "mpileup"));
    mpileup.addAll(arguments.mpileup());
    // VCF text in between, as in the sequential run: BCF would hand call more digits of QS.
    mpileup.addAll(List.of("-f", fasta.toString()));
    mpileup.addAll(region);
    mpileup.add("-");
    List<String> call = new ArrayList<>(List.of("bcftools", "call"));
    call.addAll(arguments.call());
    call.add("-Ov");
    return ToolPipe.run(List.of(mpileup, call), directory, records, feeders);
  }

  /** One line of bases with its index, for a contig that is the window. */
  private Path windowFasta(Path directory, Contig contig, Window window) throws IOException {
    Path fasta = directory.resolve("window.fa");
    byte[] title = (">" + contig.name() + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] bases = reference.bases(contig.name(), window.start0(), window.end0());
    ByteBuffer text = ByteBuffer.allocate(title.length + bases.length + LINE_END);
    Files.write(fasta, text.put(title).put(bases).put((byte) '\n').array());
    Files.writeString(
        directory.resolve("window.fa.fai"),
        String.join(
                "\t",
                contig.name(),
                String.valueOf(bases.length),
                String.valueOf(title.length),
                String.valueOf(bases.length),
                String.valueOf(bases.length + LINE_END))
            + "\n");
    return fasta;
  }

  private static Window around(WorkItem item, ItemRecords records, Contig contig) {
    int[] extent = {item.padded().start0(), item.padded().end0()};
    records.forEach(
        (RecordView record) -> {
          extent[0] = Math.min(extent[0], record.start0());
          extent[1] = Math.max(extent[1], record.end0());
        });
    return new Window(
        Math.max(0, extent[0] - MARGIN_BP),
        (int) Math.min(contig.lengthBp(), (long) extent[1] + MARGIN_BP));
  }

  private static Window whole(Contig contig) {
    return new Window(0, contig.lengthBp());
  }

  private <T> T inScratch(ScratchWork<T> work) throws InterruptedException {
    Path directory = scratch.newDirectory();
    try {
      return work.in(directory);
    } catch (IOException e) {
      throw new PipelineException(
          "bcftools cannot be run in scratch " + directory + ": " + e.getMessage(), e);
    } finally {
      Scratch.remove(directory);
    }
  }

  private String installedVersion() throws InterruptedException {
    Path directory = scratch.newDirectory();
    try {
      ToolPipe.Outcome outcome =
          ToolPipe.run(
              List.of(List.of("bcftools", "--version")), directory, ToolPipe.Feed.NOTHING, feeders);
      String first = outcome.output().lines().findFirst().orElse("");
      if (!outcome.fault().isEmpty() || !first.startsWith("bcftools ")) {
        throw new PipelineException(
            "bcftools --version fails: " + outcome.fault() + " " + outcome.lastLines());
      }
      return first;
    } catch (IOException e) {
      throw new PipelineException(
          "bcftools is not on PATH; on Debian and Ubuntu run: apt-get install bcftools", e);
    } finally {
      Scratch.remove(directory);
    }
  }

  private static String hint(String lastLines) {
    return lastLines.contains("unrecognized option") || lastLines.contains("invalid option")
        ? " (in --caller-args, options before -- go to bcftools mpileup, those after it to bcftools"
            + " call)"
        : "";
  }

  @Override
  public void close() {
    feeders.shutdownNow();
  }

  /** Work that leaves files in a directory of its own. */
  @FunctionalInterface
  private interface ScratchWork<T> {
    T in(Path directory) throws IOException, InterruptedException;
  }

  /** Part of a contig that bcftools is shown as if it were all of it; 0-based, half-open. */
  private record Window(int start0, int end0) {
    boolean isWhole(Contig contig) {
      return start0 == 0 && end0 == contig.lengthBp();
    }
  }
}
