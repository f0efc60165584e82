package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.legacy.LegacyDataset;
import io.nfspawn.bams3.legacy.Loss;
import io.nfspawn.bams3.legacy.Upgrade;
import io.nfspawn.bams3.store.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bams3 upgrade}. */
@Command(
    name = "upgrade",
    description = {
      "Make a dataset of one that the first BAMS3 tools wrote (versions 0.1 and 0.2).",
      "Prints what those versions lost of the original file; it is not made up. If the file is"
          + " still there, bams3 convert loses nothing."
    },
    sortOptions = false,
    footer = {"", "Example:", "  bams3 upgrade old.bams3 new.bams3"})
final class UpgradeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "OLD", description = "Dataset of version 0.1 or 0.2.")
  private Path old;

  @Parameters(index = "1", paramLabel = "NEW", description = "Directory to make.")
  private Path target;

  @Option(names = "--force", description = "Replace a dataset of the same name.")
  private boolean force;

  @Mixin HelpOption help;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(old)) {
      throw new java.nio.file.NoSuchFileException(old.toString());
    }
    WriteOptions defaults = WriteOptions.DEFAULT;
    WriteOptions options =
        new WriteOptions(defaults.spanBp(), defaults.threads(), defaults.profile(), force);
    try (LegacyDataset dataset = LegacyDataset.open(new DirectoryStore(old));
        Progress progress = new Progress("upgrade", " records", 1, dataset.recordCount())) {
      long records = Upgrade.run(dataset, target, options, progress::at);
      StringBuilder report = new StringBuilder();
      report.append(
          "%s: %d records of version %s; lost in that version:%n"
              .formatted(target, records, dataset.version()));
      for (Loss loss : dataset.losses()) {
        report.append("  ").append(loss).append(System.lineSeparator());
      }
      System.out.print(report);
    }
    return CommandLine.ExitCode.OK;
  }
}
