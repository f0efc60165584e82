package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.bam.SamText;
import io.nfspawn.bams3.v1.DatasetReader;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bams3 head}: what {@code samtools head} prints. */
@Command(
    name = "head",
    description = "Print the header, and records if asked for.",
    sortOptions = false,
    footer = {"", "Examples:", "  bams3 head sample.bams3", "  bams3 head -h 5 -n 10 sample.bams3"})
final class HeadCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATASET", description = "Dataset to read.")
  private String dataset;

  @Option(names = "-h", paramLabel = "N", description = "Only the first N lines of the header.")
  private @Nullable Integer headerLines;

  @Option(names = "-n", paramLabel = "N", description = "The first N records after it; 0.")
  private long records;

  @Mixin HelpOption help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (records < 0 || (headerLines != null && headerLines < 0)) {
      throw new ParameterException(
          spec.commandLine(), "-h and -n take numbers of lines, which are not negative");
    }
    try (DatasetReader reader = DatasetReader.open(dataset);
        Output out = Output.to("-")) {
      byte[] header = reader.header().printedText();
      out.write(header, 0, headerLines == null ? header.length : end(header, headerLines));
      if (records > 0) {
        SamText text = new SamText(reader.contigs());
        try (RecordCursor cursor = reader.query()) {
          for (long i = 0; i < records && cursor.next(); i++) {
            text.write(cursor.record(), out);
          }
        }
      }
      out.publish();
    }
    return CommandLine.ExitCode.OK;
  }

  /** Where a number of lines ends. */
  private static int end(byte[] text, int lines) {
    int left = lines;
    int at = 0;
    while (left > 0 && at < text.length) {
      left -= text[at++] == '\n' ? 1 : 0;
    }
    return at;
  }
}
