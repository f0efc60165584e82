package io.nfspawn.pipeline;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real 50x slice of chr20 that lies beside the tree; tests are skipped where it is absent. */
public final class Na12878 {
  private Na12878() {}

  public static Path bam() {
    return file("NA12878.chr20.10mb.bam");
  }

  public static Path reference() {
    return file("hg19.chr20.part.fasta.gz");
  }

  private static Path file(String name) {
    Path file =
        Path.of(System.getProperty("spawn.root", "../.."), "../shared/data/NA12878", name)
            .toAbsolutePath()
            .normalize();
    assumeTrue(Files.exists(file), "skipped: the NA12878 slice is not beside the tree: " + file);
    return file;
  }
}
