package io.nfspawn.vcfmerge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order of contigs in the output. Immutable. */
final class Dictionary {
  private final List<Contig> contigs;
  private final Map<String, Integer> ranks = new HashMap<>();

  Dictionary(List<Contig> contigs) {
    this.contigs = List.copyOf(contigs);
    for (Contig contig : contigs) {
      ranks.putIfAbsent(contig.name(), ranks.size());
    }
  }

  /** The plan's contigs where there are any, else the header's. */
  static Dictionary of(MergePlan plan, VcfHeader header) throws InvalidChunkException {
    Dictionary ofHeader = new Dictionary(header.contigs());
    if (plan.contigs().isEmpty()) {
      if (ofHeader.contigs.isEmpty()) {
        throw new InvalidChunkException(
            header.source(), "has no ##contig lines, so the order is unknown; give a plan");
      }
      return ofHeader;
    }
    Dictionary planned = new Dictionary(plan.contigs());
    planned.requireAgreementOf(header.source(), ofHeader);
    return planned;
  }

  private void requireAgreementOf(String source, Dictionary header) throws InvalidChunkException {
    int previous = -1;
    for (Contig contig : header.contigs) {
      int rank = rank(contig.name());
      if (rank < 0) {
        continue;
      }
      long planned = contigs.get(rank).length();
      if (planned > 0 && contig.length() > 0 && planned != contig.length()) {
        throw new InvalidChunkException(
            source,
            "contig %s has %d bases, %d in the plan; call with the reference of the plan"
                .formatted(contig.name(), contig.length(), planned));
      }
      if (rank < previous) {
        throw new InvalidChunkException(
            source,
            "contig %s stands elsewhere in the header than in the plan; call with the reference"
                    .formatted(contig.name())
                + " of the plan");
      }
      previous = rank;
    }
  }

  List<Contig> contigs() {
    return contigs;
  }

  /** Place of a contig from 0 on, -1 when it is not there. */
  int rank(String contig) {
    return ranks.getOrDefault(contig, -1);
  }

  /** In output order. */
  int compare(Locus a, Locus b) {
    int byContig = Integer.compare(rank(a.contig()), rank(b.contig()));
    return byContig != 0 ? byContig : Long.compare(a.pos(), b.pos());
  }
}
