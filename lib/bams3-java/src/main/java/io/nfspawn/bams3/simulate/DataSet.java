package io.nfspawn.bams3.simulate;

import java.nio.file.Path;
import java.util.List;

/**
 * The files of one simulated data set.
 *
 * @param directory holds them all and nothing else
 */
public record DataSet(Path directory) {
  private static final String FASTA = "reference.fa";
  private static final String VCF = "truth.vcf.gz";
  private static final String BAM = "sample.bam";

  /** Names of all files that a data set has. */
  static final List<String> NAMES =
      List.of(FASTA, FASTA + ".fai", VCF, VCF + ".tbi", BAM, BAM + ".bai");

  public Path fasta() {
    return directory.resolve(FASTA);
  }

  public Path fastaIndex() {
    return directory.resolve(FASTA + ".fai");
  }

  public Path truthVcf() {
    return directory.resolve(VCF);
  }

  public Path truthIndex() {
    return directory.resolve(VCF + ".tbi");
  }

  public Path bam() {
    return directory.resolve(BAM);
  }

  public Path bamIndex() {
    return directory.resolve(BAM + ".bai");
  }

  Path indexAsHtsjdkNamesIt() {
    return directory.resolve("sample.bai");
  }
}
