package io.nfspawn.pipeline.caller;

import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.BamHeader;
import io.nfspawn.pipeline.bam.ItemRecords;

/** Calls variants of one work item at a time by running a program. Thread-safe. */
public interface Caller extends AutoCloseable {

  /** Version as the program prints it. */
  String version();

  /** What is run for each item, places of files and regions left open. */
  String command();

  /**
   * The VCF header (one char a byte) that holds for every item, ending with the {@code #CHROM}
   * line; empty when each item brings its own.
   *
   * @param alignments header of the dataset
   * @param needed whether a header must be had though there is no item to bring one
   */
  String header(BamHeader alignments, boolean needed) throws InterruptedException;

  /**
   * Calls one work item.
   *
   * @throws CallerFailedException when the program fails or prints something that is no VCF
   */
  CalledItem call(WorkItem item, ItemRecords records) throws InterruptedException;

  @Override
  void close();
}
