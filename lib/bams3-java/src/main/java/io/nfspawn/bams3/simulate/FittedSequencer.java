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

  private static final double MOST_WRONG = 0.6;

  private static final int MOST_TRIES = 20;

  /**
   * Reads with more errors than bwa tolerates that are drawn again, so that as many are rescued as
   * in the slice (tag XT): some at its length, more of longer ones, which have more errors.
   */
  private static final double GIVEN_UP_AGAIN = 0.1;

  private static final double GIVEN_UP_LONGER = 1;

  /** More errors a base where reads are longer, which the reads given up would have had (MD). */
  private static final double ERRORS_LONGER = 0.3;

  private final SAMFileHeader header;
  private final int readLengthBp;
  private final FittedModel model;
  private final Aligner aligner;
  private final LandscapeMap landscape;
  private final AlternativeHits alternatives;
  private final RandomStream random;
  private final double againShare;
  private final double errorFactor;

  FittedSequencer(SAMFileHeader header, int readLengthBp, FittedModel model, RandomStream random) {
    this.header = header;
    this.readLengthBp = readLengthBp;
    this.model = model;
    this.random = random;
    double longer = (double) readLengthBp / FittedModel.READ_BP - 1;
    againShare = Math.max(0, GIVEN_UP_AGAIN + GIVEN_UP_LONGER * longer);
    errorFactor = 1 + ERRORS_LONGER * longer;
    aligner = new Aligner(readLengthBp);
    landscape = new LandscapeMap(model.landscape(), header, random.nextLong());
    alternatives = new AlternativeHits(model, random);
  }

  /** One read with what the tags need; {@code alignment} is null when it was not aligned. */
  private record Read(
      SAMRecord record, @Nullable Alignment alignment, boolean rescued, int keptBp) {}

  @Override
  public ReadPair sequence(Fragment fragment, Cluster cluster) {
    FittedModel.PairClass classes = model.drawPairClass(random);
    boolean lone = random.chance(model.lone().share());
    boolean loneSecond = lone && random.chance(model.lone().secondShare());
    Read first =
        loneSecond ? junk(cluster, true) : read(fragment, cluster, true, classes.first(), lone);
    Read second =
        lone && !loneSecond
            ? junk(cluster, false)
            : read(fragment, cluster, false, classes.second(), lone || first.rescued());
    if (first.rescued() && second.alignment() == null) {
      // What could have led to its place is not there.
      first = unaligned(first);
    }
    ReadPair pair = pair(cluster, first, second);
    if (first.rescued() || second.rescued()) {
      FittedModel.PairTags tags = model.drawRescuedTags(first.rescued(), random);
      tag(first, tags.first(), Hits.beside(tags.first()));
      tag(second, tags.second(), Hits.beside(tags.second()));
    } else {
      tagBySampe(first, second);
    }
    return pair;
  }

  private static Read unaligned(Read read) {
    SAMRecord record = read.record();
    record.setReadNegativeStrandFlag(false);
    record.setReferenceIndex(SAMRecord.NO_ALIGNMENT_REFERENCE_INDEX);
    record.setAlignmentStart(SAMRecord.NO_ALIGNMENT_START);
    record.setCigarString(SAMRecord.NO_ALIGNMENT_CIGAR);
    record.setReadUnmappedFlag(true);
    return new Read(record, null, false, read.keptBp());
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
    ReferenceContig contig = fragment.haplotype().contig();
    int[] places = aligner.places();
    LandscapeMap.Place place = landscape.at(contig, Math.max(places[0], ~places[0]));
    Landscape.Rescue rescue = endToEndOnly ? null : model.landscape().drawRescue(place, random);
    boolean bad = rescue == Landscape.Rescue.BAD;
    byte[] qualities = qualities(bad ? model.drawBadClass(random) : readClass);
    int keptBp = BwaAln.trimmedLength(qualities);
    double promised = promised(qualities, keptBp);
    FittedModel.ErrorRate errors =
        model.drawErrorRate(firstOfPair, FittedModel.level(promised / keptBp), random);
    reverse(qualities, reverse);
    boolean chimeric = false;
    if (rescue != null) {
      RescuedReads.Differences differences =
          model.rescued().change(rescue, place, contig, bases, places, random);
      errors = bad ? new FittedModel.ErrorRate(differences.mismatches() / promised, 0) : errors;
    } else {
      chimeric = !endToEndOnly && isChimeric(bases, reverse);
    }
    putErrors(bases, qualities, errors);
    int from = reverse ? readLengthBp - keptBp : 0;
    int to = reverse ? readLengthBp : keptBp;
    boolean seeded = seedDifferences(contig, bases, reverse) <= SEED_DIFFERENCES;
    Alignment whole = aligner.alignWhole(contig, bases, from, to);
    boolean changed = rescue != null || chimeric;
    boolean found = seeded && BwaAln.finds(whole, keptBp);
    if (!changed && !found && random.chance(againShare)) {
      return read(fragment, cluster, firstOfPair, readClass, endToEndOnly);
    }
    boolean rescued = changed || !found;
    Alignment alignment = rescued ? null : whole;
    if (rescued && !endToEndOnly && BwaAln.isCalled(bases)) {
      if (rescue == null && BwaAln.gaps(whole.cigar()) == 0) {
        model.rescued().change(Landscape.Rescue.ALONE, place, contig, bases, places, random);
      }
      alignment = aligner.align(contig, bases, from, to, Aligner.Scores.SAMPE);
    }
    SAMRecord record = record(cluster, firstOfPair, bases, qualities);
    place(record, alignment, reverse);
    return new Read(record, alignment, rescued && alignment != null, keptBp);
  }

  /** Whether one end of the read lies elsewhere: then it is changed. */
  private boolean isChimeric(byte[] bases, boolean reverse) {
    FittedModel.Chimeras chimeras = model.chimeras();
    if (!random.chance(chimeras.share())) {
      return false;
    }
    boolean left = random.chance(chimeras.startShare()) != reverse;
    RescuedReads.replaceEnd(bases, left, chimeras.lengths().draw(random), random);
    return true;
  }

  private Read junk(Cluster cluster, boolean firstOfPair) {
    byte[] bases = new byte[readLengthBp];
    for (int i = 0; i < readLengthBp; i++) {
      bases[i] = Nucleotide.random(random);
    }
    byte[] qualities = qualities(model.drawUnmappedClass(random));
    int keptBp = BwaAln.trimmedLength(qualities);
    int level = FittedModel.level(promised(qualities, keptBp) / keptBp);
    putErrors(bases, qualities, model.drawErrorRate(firstOfPair, level, random));
    SAMRecord record = record(cluster, firstOfPair, bases, qualities);
    record.setReadUnmappedFlag(true);
    return new Read(record, null, false, keptBp);
  }

  /** Draws again what is better or worse than reads of the class are. */
  private byte[] qualities(int readClass) {
    byte[] qualities = new byte[readLengthBp];
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      model.contexts().draw(readClass, qualities, random);
      int keptBp = BwaAln.trimmedLength(qualities);
      if (model.isOfClass(readClass, promised(qualities, keptBp) / keptBp)) {
        break;
      }
    }
    return qualities;
  }

  private static void reverse(byte[] qualities, boolean reverse) {
    for (int i = 0, j = qualities.length - 1; reverse && i < j; i++, j--) {
      byte quality = qualities[i];
      qualities[i] = qualities[j];
      qualities[j] = quality;
    }
  }

  /**
   * Wrong bases of a read.
   *
   * @param qualities in the order of sequencing
   */
  private double promised(byte[] qualities, int keptBp) {
    double promised = 0;
    for (int i = 0; i < keptBp; i++) {
      promised += qualities[i] == BwaAln.NOT_CALLED ? 0 : model.errorShare(qualities[i]);
    }
    return promised;
  }

  private void putErrors(byte[] bases, byte[] qualities, FittedModel.ErrorRate rate) {
    double extra = rate.extra() / FittedModel.READ_BP;
    for (int i = 0; i < bases.length; i++) {
      if (qualities[i] == BwaAln.NOT_CALLED) {
        bases[i] = 'N';
      } else {
        double wrong = errorFactor * (extra + rate.factor() * model.errorShare(qualities[i]));
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

  private void tagBySampe(Read first, Read second) {
    Hits firstHits = drawHits(first);
    Hits secondHits = drawHits(second);
    int one = single(first, firstHits);
    int two = single(second, secondHits);
    tag(first, tags(first, firstHits, one, two), firstHits);
    tag(second, tags(second, secondHits, two, one), secondHits);
  }

  private Hits drawHits(Read read) {
    Alignment alignment = read.alignment();
    if (alignment == null) {
      return Hits.ONE;
    }
    int window = landscape.at(alignment.contig(), alignment.start()).window();
    return model.landscape().drawHits(window, random);
  }

  private static int single(Read read, Hits hits) {
    Alignment alignment = read.alignment();
    return alignment == null
        ? 0
        : BwaSampe.single(
            hits, alignment.editDistance() - BwaAln.gapBp(alignment.cigar()), read.keptBp());
  }

  private MappingTags tags(Read read, Hits hits, int single, int mate) {
    boolean proper = read.record().getProperPairFlag();
    int quality = proper ? BwaSampe.inPair(single, mate, model.drawZeroQuality(random)) : single;
    return MappingTags.of(hits, quality, single, Math.min(single, mate));
  }

  private void tag(Read read, MappingTags tags, Hits hits) {
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
      LandscapeMap.Place place = landscape.at(alignment.contig(), alignment.start());
      record.setAttribute("XA", alternatives.draw(record, hits, place));
    }
  }
}
