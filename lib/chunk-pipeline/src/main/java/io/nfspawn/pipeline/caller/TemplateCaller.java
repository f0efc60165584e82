package io.nfspawn.pipeline.caller;

import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Interval;
import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.BamHeader;
import io.nfspawn.pipeline.bam.ItemRecords;
import io.nfspawn.pipeline.reference.Reference;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Any caller, run by its {@link CallerTemplate} on an indexed BAM in scratch. Its working directory
 * is the task's own, so that files the user names are found.
 */
public final class TemplateCaller implements Caller {
  private final Reference reference;
  private final CallerTemplate template;
  private final ResultNames names;
  private final Scratch scratch;

  /** The reference as plain FASTA: not every caller reads bgzip. */
  private final Path fasta;

  private final ExecutorService feeders = Executors.newSingleThreadExecutor();

  /**
   * @param names what the header says
   * @throws PipelineException when the program that the template begins with is not on PATH
   */
  public TemplateCaller(
      Reference reference, CallerTemplate template, ResultNames names, Scratch scratch)
      throws InterruptedException {
    this.reference = reference;
    this.template = template;
    this.names = names;
    this.scratch = scratch;
    requireProgram(template.program(), "or correct --caller");
    requireProgram("samtools", "which indexes what the caller reads");
    this.fasta = reference.plainFasta(scratch);
  }

  @Override
  public String version() {
    return template.program();
  }

  @Override
  public String command() {
    return template.text();
  }

  @Override
  public String header(BamHeader alignments, boolean needed) throws InterruptedException {
    Contig contig =
        alignments.contigs().stream()
            .filter(c -> reference.lengthBp(c.name()).isPresent())
            .findFirst()
            .orElse(null);
    if (!needed || contig == null) {
      return "";
    }
    Interval first = new Interval(contig.index(), 0, Math.min(1, contig.lengthBp()));
    return call(WorkItem.of(first, first), new ItemRecords(alignments, ByteBuffer.allocate(0)))
        .header();
  }

  @Override
  public CalledItem call(WorkItem item, ItemRecords records) throws InterruptedException {
    Contig contig = records.header().contigs().get(item.contigIndex());
    String region = item.paddedRegion(contig.name());
    Path directory = scratch.newDirectory();
    try {
      Path bam = directory.resolve("records.bam");
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(bam), 1 << 16)) {
        records.writeBam(out);
      }
      String command =
          "samtools index "
              + ShellWords.quote(bam.toString())
              + " && { "
              + template.command(fasta, region, bam)
              + "\n}";
      ToolPipe.Outcome outcome =
          ToolPipe.run(
              List.of(List.of("bash", "-o", "pipefail", "-c", command)),
              directory,
              ToolPipe.Feed.NOTHING,
              feeders);
      if (!outcome.fault().isEmpty()) {
        throw new CallerFailedException(item.id(), region, outcome.fault(), outcome.lastLines());
      }
      CallText.Calls calls = CallText.read(outcome.output(), item, contig.name(), 0);
      String header = canonical(calls.header(), records.header(), directory, region);
      return new CalledItem(header, calls.body(), calls.records(), List.of());
    } catch (CallText.NotVcfException e) {
      throw new CallerFailedException(item.id(), region, String.valueOf(e.getMessage()), "");
    } catch (IOException e) {
      throw new PipelineException(
          "the caller cannot be run in scratch " + directory + ": " + e.getMessage(), e);
    } finally {
      Scratch.remove(directory);
    }
  }

  /** Takes out what differs from item to item. */
  private String canonical(String header, BamHeader alignments, Path directory, String region) {
    String text =
        header
            .replace(directory + "/", "")
            .replace(Latin1.of(region), "REGION")
            .replace(fasta.toString(), reference.fasta().toString());
    return names.canonical(text, alignments, reference);
  }

  private void requireProgram(String program, String why) throws InterruptedException {
    Path directory = scratch.newDirectory();
    try {
      ToolPipe.Outcome found =
          ToolPipe.run(
              List.of(List.of("bash", "-c", "command -v -- " + ShellWords.quote(program))),
              directory,
              ToolPipe.Feed.NOTHING,
              feeders);
      if (!found.fault().isEmpty()) {
        throw new PipelineException(
            program
                + " is not on PATH; install it (on Debian and Ubuntu often: apt-get install "
                + program
                + "), "
                + why);
      }
    } catch (IOException e) {
      throw new PipelineException("bash is not on PATH: " + e.getMessage(), e);
    } finally {
      Scratch.remove(directory);
    }
  }

  @Override
  public void close() {
    feeders.shutdownNow();
  }
}
