package io.nfspawn.pipeline.reference;

import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.Publication;
import io.nfspawn.pipeline.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the index of a FASTA file, or has samtools make it. */
final class ReferenceIndexing {
  private static final Logger log = LoggerFactory.getLogger(ReferenceIndexing.class);

  private ReferenceIndexing() {}

  static Path fai(Path fasta) {
    return beside(fasta, ".fai");
  }

  static Path gzi(Path fasta) {
    return beside(fasta, ".gzi");
  }

  /** A path of the same bytes that has its index beside it. */
  static Path indexed(Path fasta, boolean bgzf, Scratch scratch) throws IOException {
    if (isIndexed(fasta, bgzf)) {
      return fasta;
    }
    // A staged input is a link without its index, which may lie beside the file itself.
    Path real = fasta.toRealPath();
    if (isIndexed(real, bgzf)) {
      return real;
    }
    Path link = scratch.newDirectory().resolve(String.valueOf(fasta.getFileName()));
    Files.createSymbolicLink(link, real);
    run(fasta, link);
    log.info("reference_indexed fasta={}", fasta);
    return publish(link, fasta, bgzf) ? fasta : link;
  }

  private static boolean isIndexed(Path fasta, boolean bgzf) {
    return Files.isReadable(fai(fasta)) && (!bgzf || Files.isReadable(gzi(fasta)));
  }

  private static void run(Path fasta, Path link) throws IOException {
    Path errors = beside(link, ".log");
    Process process;
    try {
      process =
          new ProcessBuilder("samtools", "faidx", link.toString())
              .redirectErrorStream(true)
              .redirectOutput(errors.toFile())
              .start();
    } catch (IOException e) {
      throw new PipelineException(
          "reference "
              + fasta
              + " has no index and samtools, which makes it, is not on PATH; on Debian and Ubuntu"
              + " run: apt-get install samtools",
          e);
    }
    try {
      if (process.waitFor() != 0) {
        throw new PipelineException(
            "reference "
                + fasta
                + " cannot be indexed; samtools faidx says: "
                + Files.readString(errors, StandardCharsets.UTF_8).strip());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new PipelineException("interrupted while samtools indexed " + fasta, e);
    }
  }

  /**
   * Moves the index beside the file, complete or not at all: several members may make it at once.
   */
  private static boolean publish(Path from, Path to, boolean bgzf) throws IOException {
    try {
      if (bgzf) {
        Publication.write(gzi(to), Files.readAllBytes(gzi(from)));
      }
      Publication.write(fai(to), Files.readAllBytes(fai(from)));
      return true;
    } catch (AccessDeniedException e) {
      return false;
    } catch (FileSystemException e) {
      log.info("index_not_kept fasta={} reason=\"{}\"", to, e.getReason());
      return false;
    }
  }

  private static Path beside(Path fasta, String suffix) {
    return fasta.resolveSibling(fasta.getFileName() + suffix);
  }
}
