package io.nfspawn.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes small files so that a reader sees all of one or nothing. */
public final class Publication {
  private Publication() {}

  /** Writes under a temporary name in the same directory, then renames; replaces an older file. */
  public static void write(Path file, byte[] content) throws IOException {
    String name = ".%s.%d.part".formatted(file.getFileName(), ProcessHandle.current().pid());
    Path part = file.resolveSibling(name);
    try {
      Files.write(part, content);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
