package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.DatasetOpenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens datasets of format 0.9. */
public final class DatasetReader {
  private DatasetReader() {}

  public static Dataset open(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      throw new DatasetOpenException(
          DatasetOpenException.Reason.MISSING,
          directory.toString(),
          directory + ": there is no such dataset");
    }
    throw new UnsupportedOperationException("open " + directory);
  }
}
