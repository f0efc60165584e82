package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMRecord;
import java.util.Arrays;
import java.util.UUID;

/**
 * Long reads as an ONT R10 pore gives them and minimap2 aligns them. Each read has a mean quality
 * (normal around 20, deviation 5); its bases follow it with a correlation of 0.75 from one to the
 * next and a deviation of 5, between 1 and 50. A base of quality Q is wrong with probability
 * 10^(-Q/10): two in five errors are substitutions, the others insertions and deletions alike. Ends
 * are clipped by what is left of the adapters. Not fitted to a file. Owned by one thread.
 */
final class NanoporeSource implements ReadSource {
  private static final double MEAN_QUALITY = 20;
  private static final double READ_DEVIATION = 5;
  private static final double BASE_DEVIATION = 5;
  private static final double CORRELATION = 0.75;
  private static final int LEAST_QUALITY = 1;
  private static final int MOST_QUALITY = 50;
  private static final double SUBSTITUTIONS = 0.4;
  private static final double SUBSTITUTIONS_AND_DELETIONS = 0.7;
  private static final int LONGEST_CLIP_BP = 60;
  private static final int JUNK_BP = 600;
  private static final int BEST_MAPQ = 60;

  private final SAMFileHeader header;
  private final RandomStream random;
  private final double[] errors = new double[MOST_QUALITY + 1];
  private final double innovation = BASE_DEVIATION * StrictMath.sqrt(1 - CORRELATION * CORRELATION);
  private byte[] bases = new byte[0];
  private byte[] qualities = new byte[0];
  private int filled;
  private double meanQuality;
  private double quality;

  NanoporeSource(SAMFileHeader header, RandomStream random) {
    this.header = header;
    this.random = random;
    for (int q = LEAST_QUALITY; q <= MOST_QUALITY; q++) {
      errors[q] = StrictMath.pow(10, -q / 10.0);
    }
  }

  @Override
  public void sequence(Fragment fragment, AlignmentFile bam) {
    byte[] template = new byte[fragment.lengthBp()];
    int[] places = new int[fragment.lengthBp()];
    fragment.haplotype().copy(fragment.offset(), template, places, random);
    begin(template.length);
    AlignmentText text = new AlignmentText();
    text.clip(emitRandom(random.nextInt(LONGEST_CLIP_BP)));
    int last = align(fragment.haplotype().contig(), template, places, text);
    if (last < 0) {
      sequenceJunk(bam);
      return;
    }
    text.clip(emitRandom(random.nextInt(LONGEST_CLIP_BP / 2)));
    SAMRecord record = record();
    record.setReadNegativeStrandFlag(fragment.firstReverse());
    record.setReferenceName(fragment.haplotype().contig().name());
    record.setAlignmentStart(first + 1);
    record.setCigar(text.cigar());
    record.setMappingQuality(random.chance(0.95) ? BEST_MAPQ : random.nextInt(BEST_MAPQ));
    tag(record, text);
    bam.add(record);
  }

  private int first;

  /** Place of the last aligned base, below 0 when none is. */
  private int align(ReferenceContig contig, byte[] template, int[] places, AlignmentText text) {
    int last = -1;
    for (int i = 0; i < template.length; i++) {
      nextQuality();
      int place = places[i];
      double draw = random.nextDouble() / errors[(int) quality];
      boolean deleted = draw >= SUBSTITUTIONS && draw < SUBSTITUTIONS_AND_DELETIONS;
      if (deleted || (last < 0 && place < 0)) {
        continue;
      }
      if (place < 0) {
        text.insert();
      } else {
        first = last < 0 ? place : first;
        for (int p = last < 0 ? place : last + 1; p < place; p++) {
          text.delete(contig.baseAt(p));
        }
        last = place;
      }
      byte base =
          draw < SUBSTITUTIONS ? Nucleotide.other(template[i], random.nextInt(3)) : template[i];
      if (place >= 0) {
        text.align(base, contig.baseAt(place));
      }
      emit(base);
      if (draw >= SUBSTITUTIONS_AND_DELETIONS && draw < 1 && i < template.length - 1) {
        text.insert();
        nextQuality();
        emit(random.chance(0.5) ? base : Nucleotide.random(random));
      }
    }
    return last;
  }

  @Override
  public void sequenceJunk(AlignmentFile bam) {
    begin(JUNK_BP);
    emitRandom(JUNK_BP);
    SAMRecord record = record();
    record.setReadUnmappedFlag(true);
    bam.addUnplaced(record);
  }

  private void begin(int templateBp) {
    bases = new byte[2 * templateBp + 2 * LONGEST_CLIP_BP];
    qualities = new byte[bases.length];
    filled = 0;
    meanQuality = MEAN_QUALITY + READ_DEVIATION * random.nextGaussian();
    quality = meanQuality;
    nextQuality();
  }

  private void nextQuality() {
    double next =
        meanQuality + CORRELATION * (quality - meanQuality) + innovation * random.nextGaussian();
    quality = Math.max(LEAST_QUALITY, Math.min(MOST_QUALITY, next));
  }

  private void emit(byte base) {
    bases[filled] = base;
    qualities[filled++] = (byte) quality;
  }

  private int emitRandom(int lengthBp) {
    for (int i = 0; i < lengthBp; i++) {
      nextQuality();
      emit(Nucleotide.random(random));
    }
    return lengthBp;
  }

  private SAMRecord record() {
    SAMRecord record = new SAMRecord(header);
    record.setReadName(new UUID(random.nextLong(), random.nextLong()).toString());
    record.setReadBases(Arrays.copyOf(bases, filled));
    record.setBaseQualities(Arrays.copyOf(qualities, filled));
    return record;
  }

  /** As minimap2 orders them. */
  private void tag(SAMRecord record, AlignmentText text) {
    int differences = text.editDistance();
    int alignedBp = record.getAlignmentEnd() - record.getAlignmentStart() + 1;
    int score = Math.max(0, 2 * alignedBp - 5 * differences);
    record.setAttribute("NM", differences);
    record.setAttribute("ms", score + random.nextInt(1 + differences));
    record.setAttribute("AS", score);
    record.setAttribute("nn", 0);
    record.setAttribute("tp", 'P');
    record.setAttribute("cm", Math.max(1, alignedBp / 6 - 2 * differences));
    record.setAttribute("s1", Math.max(1, alignedBp - 3 * differences + random.nextInt(100)));
    record.setAttribute("s2", random.nextInt(200));
    record.setAttribute("de", (float) Math.round(1e4 * differences / alignedBp) / 1e4f);
    record.setAttribute("MD", text.md());
    record.setAttribute("rl", random.chance(0.8) ? 0 : random.nextInt(500));
    record.setAttribute("RG", header.getReadGroups().get(0).getId());
  }
}
