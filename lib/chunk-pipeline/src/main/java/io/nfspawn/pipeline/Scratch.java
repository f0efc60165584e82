package io.nfspawn.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A private directory (mode 700) below {@code java.io.tmpdir} for what a caller must see as a file.
 * Nothing of it ever lies in a work directory, where a resumed run would take it for an output.
 * Removed with all it holds on close, and when the JVM is told to stop. Thread-safe.
 */
public final class Scratch implements AutoCloseable {
  private final Path directory;
  private final Thread atExit;

  private Scratch(Path directory) {
    this.directory = directory;
    this.atExit = new Thread(this::remove, "remove-scratch");
  }

  /**
   * Makes a directory whose name begins with {@code spawn-chunks-}.
   *
   * @throws PipelineException when the temporary directory cannot be written
   */
  public static Scratch open(String role) {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      Path directory =
          Files.createTempDirectory(
              parent,
              "spawn-chunks-" + role + "-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Scratch scratch = new Scratch(directory);
      Runtime.getRuntime().addShutdownHook(scratch.atExit);
      return scratch;
    } catch (IOException e) {
      throw new PipelineException(
          "cannot make a scratch directory below "
              + parent
              + " ("
              + e
              + "); free space there or set TMPDIR to another directory",
          e);
    }
  }

  public Path directory() {
    return directory;
  }

  /** A new empty directory for one work item; {@link #remove(Path)} takes it away. */
  public Path newDirectory() {
    try {
      return Files.createTempDirectory(directory, "item-");
    } catch (IOException e) {
      throw new UncheckedIOException("scratch directory " + directory, e);
    }
  }

  /** Removes a directory and all it holds; what is gone already is no fault. */
  public static void remove(Path tree) {
    try {
      Files.walkFileTree(
          tree,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
                throws IOException {
              Files.deleteIfExists(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // A caller that is still dying may write once more; the next removal gets the rest.
      tree.toFile().deleteOnExit();
    }
  }

  private void remove() {
    remove(directory);
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is going down: the hook runs or has run.
      return;
    }
  }
}
