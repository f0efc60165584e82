package io.nfspawn.vcfmerge;

import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the merged VCF goes. */
public sealed interface MergeTarget {

  /**
   * Published files: receipt, then index, then VCF, each by rename from a temporary name in the
   * same directory, so that a VCF under its final name always has its receipt and index beside it.
   *
   * @param vcf final name, usually {@code <sample>.vcf.gz}
   * @param index null = {@link IndexFormat#forContigs}
   * @param stats final name of the receipt
   */
  record ToFiles(Path vcf, @Nullable IndexFormat index, Path stats) implements MergeTarget {}

  /**
   * BGZF to a stream, without index and receipt file. A merge that fails leaves the stream without
   * the BGZF end-of-file block, so readers see that it is cut off.
   *
   * @param out flushed and not closed by the merge
   */
  record ToStream(OutputStream out) implements MergeTarget {}

  /** VCF with automatic index format and {@code <stem>.merge_stats.json} beside it. */
  static ToFiles beside(Path vcf) {
    String name = String.valueOf(vcf.getFileName());
    String stem = name.replaceFirst("\\.vcf(\\.b?gz)?$", "");
    return new ToFiles(vcf, null, vcf.resolveSibling(stem + ".merge_stats.json"));
  }
}
