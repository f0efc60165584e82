package io.nfspawn.pipeline.plan;

import io.nfspawn.bams3.Contig;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.reference.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares a dataset's contigs with the reference before any work is done. */
final class ReferenceCheck {
  private static final Logger log = LoggerFactory.getLogger(ReferenceCheck.class);

  private ReferenceCheck() {}

  /**
   * @param needed indexes of contigs that have mapped records or are named in the regions
   * @throws PipelineException when the reference lacks a needed contig or has it in another length
   */
  static void check(List<Contig> contigs, Set<Integer> needed, Reference reference) {
    List<String> lacking = new ArrayList<>();
    for (Contig contig : contigs) {
      OptionalInt length = reference.lengthBp(contig.name());
      boolean isNeeded = needed.contains(contig.index());
      if (length.isEmpty() && isNeeded) {
        throw new PipelineException(
            "reference "
                + reference.fasta()
                + " lacks contig '"
                + contig.name()
                + "', which has mapped records or is in the regions"
                + ContigNames.hint(contig.name(), reference.contigs().keySet()));
      }
      if (length.isPresent() && length.getAsInt() != contig.lengthBp() && isNeeded) {
        throw new PipelineException(
            "contig '"
                + contig.name()
                + "' is "
                + contig.lengthBp()
                + " bases long in the dataset but "
                + length.getAsInt()
                + " in reference "
                + reference.fasta()
                + "; give the reference that the reads were aligned to");
      }
      if (length.isEmpty()) {
        lacking.add(contig.name());
      }
    }
    if (!lacking.isEmpty()) {
      log.warn(
          "reference_lacks_contigs count={} first={} reference={} consequence=\"none: they have no"
              + " mapped records\"",
          lacking.size(),
          lacking.get(0),
          reference.fasta());
    }
  }
}
