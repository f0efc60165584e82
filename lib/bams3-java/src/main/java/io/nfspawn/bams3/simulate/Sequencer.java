package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.SamPairUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads fragments: bases with errors, qualities, alignments, tags as bwa mem writes them. */
final class Sequencer implements PairSequencer {
  private static final double JUNK_END_SHARE = 0.004;
  private static final double LOW_MAPQ_SHARE = 0.02;
  private static final int BEST_MAPQ = 60;
  private static final byte[] ADAPTER =
      "AGATCGGAAGAGCACACGTCTGAACTCCAGTCAC".getBytes(StandardCharsets.US_ASCII);

  private final SAMFileHeader header;
  private final int readLengthBp;
  private final Qualities firstQualities;
  private final Qualities secondQualities;
  private final Aligner aligner;
  private final RandomStream random;

  Sequencer(
      SAMFileHeader header,
      int readLengthBp,
      Qualities firstQualities,
      Qualities secondQualities,
      RandomStream random) {
    this.header = header;
    this.readLengthBp = readLengthBp;
    this.random = random;
    this.firstQualities = firstQualities;
    this.secondQualities = secondQualities;
    aligner = new Aligner(readLengthBp);
  }

  @Override
  public ReadPair sequence(Fragment fragment, Cluster cluster) {
    boolean junk = random.chance(JUNK_END_SHARE);
    boolean junkFirst = junk && random.chance(0.5);
    SAMRecord first = junkFirst ? junk(cluster, true) : read(fragment, cluster, true);
    SAMRecord second = junk && !junkFirst ? junk(cluster, false) : read(fragment, cluster, false);
    return pair(cluster, first, second);
  }

  @Override
  public ReadPair sequenceJunk(Cluster cluster) {
    return pair(cluster, junk(cluster, true), junk(cluster, false));
  }

  private static ReadPair pair(Cluster cluster, SAMRecord first, SAMRecord second) {
    SamPairUtil.setMateInfo(first, second, true);
    ReadPair pair = new ReadPair(cluster, first, second);
    first.setProperPairFlag(pair.isAligned());
    second.setProperPairFlag(pair.isAligned());
    return pair;
  }

  private SAMRecord read(Fragment fragment, Cluster cluster, boolean firstOfPair) {
    boolean reverse = fragment.firstReverse() == firstOfPair;
    int offset = fragment.offset() + (reverse ? fragment.lengthBp() - readLengthBp : 0);
    byte[] bases = new byte[readLengthBp];
    byte[] qualities = new byte[readLengthBp];
    fragment.haplotype().copy(offset, bases, aligner.places(), random);
    model(firstOfPair).sequence(bases, qualities, reverse, random);
    Alignment alignment = aligner.align(fragment.haplotype().contig(), bases);
    SAMRecord record = record(cluster, firstOfPair, bases, qualities);
    place(record, alignment, reverse);
    return record;
  }

  private Qualities model(boolean firstOfPair) {
    return firstOfPair ? firstQualities : secondQualities;
  }

  /** What adapter dimers and contamination give: nothing that aligns. */
  private SAMRecord junk(Cluster cluster, boolean firstOfPair) {
    byte[] bases = new byte[readLengthBp];
    int adapterBp = random.chance(0.5) ? Math.min(ADAPTER.length, readLengthBp) : 0;
    System.arraycopy(ADAPTER, 0, bases, 0, adapterBp);
    for (int i = adapterBp; i < readLengthBp; i++) {
      bases[i] = Nucleotide.random(random);
    }
    byte[] qualities = new byte[readLengthBp];
    model(firstOfPair).sequence(bases, qualities, false, random);
    SAMRecord record = record(cluster, firstOfPair, bases, qualities);
    record.setReadUnmappedFlag(true);
    return record;
  }

  private SAMRecord record(Cluster cluster, boolean firstOfPair, byte[] bases, byte[] qualities) {
    SAMRecord record = new SAMRecord(header);
    record.setReadName(cluster.readName());
    record.setReadPairedFlag(true);
    record.setFirstOfPairFlag(firstOfPair);
    record.setSecondOfPairFlag(!firstOfPair);
    record.setReadBases(bases);
    record.setBaseQualities(qualities);
    record.setAttribute("RG", cluster.readGroup());
    return record;
  }

  private void place(SAMRecord record, @Nullable Alignment alignment, boolean reverse) {
    if (alignment == null) {
      record.setReadUnmappedFlag(true);
      return;
    }
    record.setReadNegativeStrandFlag(reverse);
    record.setReferenceName(alignment.contig().name());
    record.setAlignmentStart(alignment.start() + 1);
    record.setCigar(alignment.cigar());
    boolean ambiguous = alignment.contig().isAmbiguous(alignment.start(), alignment.end());
    record.setMappingQuality(ambiguous ? 0 : drawMappingQuality());
    record.setAttribute("NM", alignment.editDistance());
    record.setAttribute("MD", alignment.md());
    record.setAttribute("AS", alignment.score());
    record.setAttribute("XS", ambiguous ? alignment.score() : 0);
  }

  private int drawMappingQuality() {
    return random.chance(LOW_MAPQ_SHARE) ? random.between(20, BEST_MAPQ - 1) : BEST_MAPQ;
  }
}
