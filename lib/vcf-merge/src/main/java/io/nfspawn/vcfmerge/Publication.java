package io.nfspawn.vcfmerge;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that appear together: written under hidden names beside the final ones, then renamed in the
 * order in which they were begun, the reverse of how a reader looks for them. What stood under the
 * final names is removed first, so a reader never sees new and old side by side. A process that is
 * killed leaves hidden files only. One thread.
 */
final class Publication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

  private final String tag = UUID.randomUUID().toString().substring(0, 8);
  private final Map<Path, Path> temporaryByFinal = new LinkedHashMap<>();

  OutputStream begin(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new OutputException(file.toString(), new IOException("it is a directory"));
    }
    Path temporary = file.resolveSibling("." + file.getFileName() + "." + tag + ".tmp");
    try {
      OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW);
      temporaryByFinal.put(file, temporary);
      return new BufferedOutputStream(out, 1 << 16);
    } catch (IOException e) {
      throw new OutputException(file.toString(), e);
    }
  }

  void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = begin(file)) {
      out.write(bytes);
    }
  }

  /**
   * @param order all files that were begun; the first one appears first
   */
  void publish(Path... order) throws IOException {
    for (int i = order.length - 1; i >= 0; i--) {
      Files.deleteIfExists(order[i]);
    }
    for (Path file : order) {
      Path temporary = temporaryByFinal.get(file);
      if (temporary != null) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        temporaryByFinal.remove(file);
      }
    }
  }

  @Override
  public void close() {
    for (Path temporary : temporaryByFinal.values()) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        LOG.warn("temporary_left file={} reason={}", temporary, e.toString());
      }
    }
    temporaryByFinal.clear();
  }
}
