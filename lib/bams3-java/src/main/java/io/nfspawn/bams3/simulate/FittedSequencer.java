package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.SamPairUtil;
import org.jspecify.annotations.Nullable;

/**
 * Reads fragments as the run did that a {@link FittedModel} was taken from, and aligns them by the
 * rules of bwa aln: low-quality ends are trimmed first (tag XC), then a read aligns from end to end
 * with few differences, or is found near its mate by local alignment (XT:A:M), or not at all. Owned
 * by one thread.
 */
final class FittedSequencer implements PairSequencer {
  private static final int SEED_BP = 32;
  private static final int SEED_DIFFERENCES = 2;

  /** Farther apart than what bwa takes for a pair. */
  private static final int LONGEST_PROPER_BP = 700;

  /** Errors come together: most reads have fewer than their qualities say, some many more. */
  private static final double ERROR_PRONE_SHARE = 0.06;

  private static final double ERROR_PRONE_FACTOR = 6;
  private static final double OTHER_FACTOR = 0.38;
  private static final double MOST_WRONG = 0.6;

  /** Reads of copies that the reference lacks, which only their mates lead to a place. */
  private static final double DIVERGED_SHARE = 0.006;

  private static final double DIVERGENCE = 0.07;

  /** Reads that go on elsewhere: their mates lead the first part to a place. */
  private static final double CHIMERIC_SHARE = 0.0024;

  private final SAMFileHeader header;
  private final int readLengthBp;
  private final FittedModel model;
  private final Aligner aligner;
  private final RepeatStretches repeats;
  private final AlternativeHits alternatives;
  private final RandomStream random;

  FittedSequencer(SAMFileHeader header, int readLengthBp, FittedModel model, RandomStream random) {
    this.header = header;
    this.readLengthBp = readLengthBp;
    this.model = model;
    this.random = random;
    aligner = new Aligner(readLengthBp);
    repeats = new RepeatStretches(model.repeatShare(), random);
    alternatives = new AlternativeHits(header, random);
  }

  /** One read with what the tags need; {@code alignment} is null when it was not aligned. */
  private record Read(
      SAMRecord record, @Nullable Alignment alignment, boolean rescued, int keptBp) {}

  @Override
  public ReadPair sequence(Fragment fragment, Cluster cluster) {
    FittedModel.PairClass classes = model.drawPairClass(random);
    boolean lost = random.chance(model.unmappedShare());
    boolean lostFirst = lost && random.chance(0.5);
    Read first =
        lostFirst ? junk(cluster, true) : read(fragment, cluster, true, classes.first(), lost);
    Read second =
        lost && !lostFirst
            ? junk(cluster, false)
            : read(fragment, cluster, false, classes.second(), lost || first.rescued());
    FittedModel.PairTags tags =
        first.rescued() || second.rescued()
            ? model.drawRescuedTags(first.rescued(), random)
            : repeats.contains(fragment)
                ? model.drawRepeatTags(random)
                : model.drawUniqueTags(random);
    tag(first, tags.first());
    tag(second, tags.second());
    return pair(cluster, first, second);
  }

  @Override
  public ReadPair sequenceJunk(Cluster cluster) {
    return pair(cluster, junk(cluster, true), junk(cluster, false));
  }

  private static ReadPair pair(Cluster cluster, Read first, Read second) {
    SAMRecord one = first.record();
    SAMRecord two = second.record();
    SamPairUtil.setMateInfo(one, two, false);
    // Which bwa aln does not write.
    one.setAttribute("MQ", null);
    two.setAttribute("MQ", null);
    ReadPair pair = new ReadPair(cluster, one, two);
    boolean proper = pair.isAligned() && Math.abs(one.getInferredInsertSize()) <= LONGEST_PROPER_BP;
    one.setProperPairFlag(proper);
    two.setProperPairFlag(proper);
    return pair;
  }

  /**
   * @param endToEndOnly whether the other read cannot help to find this one
   */
  private Read read(
      Fragment fragment,
      Cluster cluster,
      boolean firstOfPair,
      int readClass,
      boolean endToEndOnly) {
    boolean reverse = fragment.firstReverse() == firstOfPair;
    int offset = fragment.offset() + (reverse ? fragment.lengthBp() - readLengthBp : 0);
    byte[] bases = new byte[readLengthBp];
    fragment.haplotype().copy(offset, bases, aligner.places(), random);
    if (random.chance(CHIMERIC_SHARE)) {
      loseEnd(bases, reverse);
    }
    ReferenceContig contig = fragment.haplotype().contig();
    byte[] qualities = qualities(readClass);
    int keptBp = BwaAln.trimmedLength(qualities);
    reverse(qualities, reverse);
    putErrors(bases, qualities);
    int from = reverse ? readLengthBp - keptBp : 0;
    int to = reverse ? readLengthBp : keptBp;
    boolean seeded = seedDifferences(contig, bases, reverse) <= SEED_DIFFERENCES;
    Alignment whole = aligner.alignWhole(contig, bases, from, to);
    boolean rescued = !seeded || whole.editDistance() > BwaAln.mostDifferences(keptBp);
    Alignment alignment =
        !rescued ? whole : endToEndOnly ? null : aligner.align(contig, bases, from, to);
    SAMRecord record = record(cluster, firstOfPair, bases, qualities);
    place(record, alignment, reverse);
    return new Read(record, alignment, rescued && alignment != null, keptBp);
  }

  private void loseEnd(byte[] bases, boolean reverse) {
    int lostBp = readLengthBp / 5 + random.nextInt(readLengthBp / 2);
    int from = reverse ? 0 : readLengthBp - lostBp;
    for (int i = from; i < from + lostBp; i++) {
      bases[i] = Nucleotide.random(random);
    }
  }

  private Read junk(Cluster cluster, boolean firstOfPair) {
    byte[] bases = new byte[readLengthBp];
    for (int i = 0; i < readLengthBp; i++) {
      bases[i] = Nucleotide.random(random);
    }
    byte[] qualities = qualities(model.drawUnmappedClass(random));
    putErrors(bases, qualities);
    SAMRecord record = record(cluster, firstOfPair, bases, qualities);
    record.setReadUnmappedFlag(true);
    return new Read(record, null, false, BwaAln.trimmedLength(qualities));
  }

  private byte[] qualities(int readClass) {
    byte[] qualities = new byte[readLengthBp];
    model.contexts().draw(readClass, qualities, random);
    return qualities;
  }

  private static void reverse(byte[] qualities, boolean reverse) {
    for (int i = 0, j = qualities.length - 1; reverse && i < j; i++, j--) {
      byte quality = qualities[i];
      qualities[i] = qualities[j];
      qualities[j] = quality;
    }
  }

  private void putErrors(byte[] bases, byte[] qualities) {
    double factor = random.chance(ERROR_PRONE_SHARE) ? ERROR_PRONE_FACTOR : OTHER_FACTOR;
    double divergence = random.chance(DIVERGED_SHARE) ? DIVERGENCE : 0;
    for (int i = 0; i < bases.length; i++) {
      if (qualities[i] == BwaAln.NOT_CALLED) {
        bases[i] = 'N';
      } else {
        double wrong = divergence + factor * model.errorShare(qualities[i]);
        if (random.chance(Math.min(MOST_WRONG, wrong))) {
          bases[i] = Nucleotide.other(bases[i], random.nextInt(3));
        }
      }
    }
  }

  private int seedDifferences(ReferenceContig contig, byte[] bases, boolean reverse) {
    int differences = 0;
    for (int cycle = 0; cycle < SEED_BP; cycle++) {
      int at = reverse ? readLengthBp - 1 - cycle : cycle;
      int place = aligner.places()[at];
      differences += place < 0 || bases[at] != contig.baseAt(place) ? 1 : 0;
    }
    return differences;
  }

  private SAMRecord record(Cluster cluster, boolean firstOfPair, byte[] bases, byte[] qualities) {
    SAMRecord record = new SAMRecord(header);
    record.setReadName(cluster.readName());
    record.setReadPairedFlag(true);
    record.setFirstOfPairFlag(firstOfPair);
    record.setSecondOfPairFlag(!firstOfPair);
    record.setReadBases(bases);
    record.setBaseQualities(qualities);
    record.setAttribute("RG", header.getReadGroups().get(0).getId());
    return record;
  }

  private static void place(SAMRecord record, @Nullable Alignment alignment, boolean reverse) {
    if (alignment == null) {
      record.setReadUnmappedFlag(true);
      return;
    }
    record.setReadNegativeStrandFlag(reverse);
    record.setReferenceName(alignment.contig().name());
    record.setAlignmentStart(alignment.start() + 1);
    record.setCigar(alignment.cigar());
  }

  private void tag(Read read, MappingTags tags) {
    SAMRecord record = read.record();
    if (read.keptBp() < readLengthBp) {
      record.setAttribute("XC", read.keptBp());
    }
    Alignment alignment = read.alignment();
    if (alignment == null) {
      return;
    }
    int gaps = BwaAln.gaps(alignment.cigar());
    int gapBp = BwaAln.gapBp(alignment.cigar());
    record.setMappingQuality(tags.mappingQuality());
    record.setAttribute("XT", tags.kind());
    record.setAttribute("NM", alignment.editDistance());
    record.setAttribute("SM", tags.single());
    record.setAttribute("AM", tags.pair());
    if (tags.best() >= 0) {
      record.setAttribute("X0", tags.best());
    }
    if (tags.lesser() >= 0) {
      record.setAttribute("X1", tags.lesser());
    }
    record.setAttribute("XM", alignment.editDistance() - gapBp);
    record.setAttribute("XO", gaps);
    record.setAttribute("XG", gapBp);
    record.setAttribute("MD", alignment.md());
    if (tags.alternatives()) {
      record.setAttribute("XA", alternatives.draw(record, Math.max(1, tags.lesser())));
    }
  }
}
