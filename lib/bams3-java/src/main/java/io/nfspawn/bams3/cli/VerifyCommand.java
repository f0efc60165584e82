package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.v1.DatasetReader;
import io.nfspawn.bams3.v1.Verification;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bams3 verify}. */
@Command(
    name = "verify",
    description = "Read all of a dataset and check every checksum and count.",
    footer = {
      "",
      "Exit code 1 and the first bad object if it is not sound.",
      "",
      "Example:",
      "  bams3 verify sample.bams3"
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATASET", description = "Dataset to check.")
  private String dataset;

  @Mixin StoreArguments bucket;

  @Mixin HelpOption help;

  @Override
  public Integer call() throws IOException {
    try (DatasetReader reader = DatasetReader.open(dataset, bucket.options());
        Progress progress = new Progress("verify", " records", 1, reader.records())) {
      new Verification(reader, progress::at).run();
      System.out.printf(
          "%s: sound, %d records in %d chunks%n",
          dataset, reader.records(), reader.chunks().size());
      bucket.report(reader.traffic());
    }
    return CommandLine.ExitCode.OK;
  }
}
