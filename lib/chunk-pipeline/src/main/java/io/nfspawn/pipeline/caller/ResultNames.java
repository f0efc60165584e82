package io.nfspawn.pipeline.caller;

import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.bam.BamHeader;
import io.nfspawn.pipeline.reference.Reference;

/**
 * What a VCF header says besides the calls, the same wherever and however often it is made.
 *
 * @param sample name of the column when no read group names one
 * @param referencePath where the reference lay when it was planned; members have places of their
 *     own
 */
record ResultNames(String sample, String referencePath) {
  private static final int COLUMNS_OF_ONE_SAMPLE = 10;

  /**
   * @param header as a caller printed it, one char a byte, ending with the {@code #CHROM} line
   * @param reference as the caller was given it
   */
  String canonical(String header, BamHeader alignments, Reference reference) {
    String text = header.replace(Latin1.of(reference.fasta().toString()), Latin1.of(referencePath));
    int lastLine = text.lastIndexOf('\n', text.length() - 2) + 1;
    String[] columns = text.substring(lastLine).strip().split("\t", -1);
    if (!alignments.samples().isEmpty() || columns.length != COLUMNS_OF_ONE_SAMPLE) {
      return text;
    }
    columns[COLUMNS_OF_ONE_SAMPLE - 1] = Latin1.of(sample);
    return text.substring(0, lastLine) + String.join("\t", columns) + "\n";
  }
}
