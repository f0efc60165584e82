package io.nfspawn.vcfmerge;

import java.nio.file.Path;

/**
 * What a merge may use.
 *
 * @param bufferBytes VCF text kept in memory while it waits for its turn; more goes to scratch
 * @param scratch existing directory (never the work directory) in which the merge makes and removes
 *     one of its own
 * @param deflateThreads 1 = compress on the thread that writes
 */
public record MergeLimits(long bufferBytes, Path scratch, int deflateThreads) {
  public MergeLimits {
    if (bufferBytes < 0 || deflateThreads < 1) {
      throw new IllegalArgumentException(
          "bufferBytes=" + bufferBytes + " (>= 0), deflateThreads=" + deflateThreads + " (>= 1)");
    }
  }

  /** 64 MiB, the JVM's temporary directory, one thread. */
  public static MergeLimits defaults() {
    return new MergeLimits(64L << 20, Path.of(System.getProperty("java.io.tmpdir")), 1);
  }
}
