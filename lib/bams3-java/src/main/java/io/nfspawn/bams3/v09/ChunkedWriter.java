package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.DatasetWriter;
import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes datasets of format 0.9. */
public final class ChunkedWriter {
  private ChunkedWriter() {}

  public static DatasetWriter create(Path directory, byte[] bamHeader, WriteOptions options)
      throws IOException {
    if (Files.exists(directory) && !options.replace()) {
      throw new TargetExistsException(directory.toString(), directory + ": exists");
    }
    throw new UnsupportedOperationException("create " + directory + bamHeader.length);
  }
}
