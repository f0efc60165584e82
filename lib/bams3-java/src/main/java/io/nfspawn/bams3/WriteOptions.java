package io.nfspawn.bams3;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to write a dataset.
 *
 * @param spanBp bases whose records share a chunk: a power of two from 4,096 to 67,108,864
 * @param threads encoders beside the writer's own thread, at least 1
 * @param profile what it is written for
 * @param replace whether a dataset under the same name is replaced
 * @param reference FASTA that the reads were aligned to, which makes datasets of reads without the
 *     tag MD smaller; null for none. The dataset does not need it to be read
 */
public record WriteOptions(
    int spanBp, int threads, Profile profile, boolean replace, @Nullable Path reference) {
  public static final int MIN_SPAN_BP = 1 << 12;
  public static final int MAX_SPAN_BP = 1 << 26;

  /** Span 1 Mi, two encoders, balanced, nothing replaced. */
  public static final WriteOptions DEFAULT = new WriteOptions(1 << 20, 2, Profile.BALANCED, false);

  /** Without a reference. */
  public WriteOptions(int spanBp, int threads, Profile profile, boolean replace) {
    this(spanBp, threads, profile, replace, null);
  }

  public WriteOptions {
    if (Integer.bitCount(spanBp) != 1 || spanBp < MIN_SPAN_BP || spanBp > MAX_SPAN_BP) {
      throw new IllegalArgumentException(
          "span is %d bases; it must be a power of two from %d (4K) to %d (64M)"
              .formatted(spanBp, MIN_SPAN_BP, MAX_SPAN_BP));
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads is %d; it must be at least 1".formatted(threads));
    }
  }
}
