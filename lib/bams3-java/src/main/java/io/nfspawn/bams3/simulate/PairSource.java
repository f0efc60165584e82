package io.nfspawn.bams3.simulate;

/** Reads of both ends of each fragment; some molecules are sequenced twice. */
final class PairSource implements ReadSource {
  /**
   * @param pcr share of molecules that the library holds twice
   * @param optical share of clusters that the camera sees twice
   */
  record CopyShares(double pcr, double optical) {}

  private final PairSequencer sequencer;
  private final FlowCell flowCell;
  private final CopyShares shares;
  private final RandomStream random;

  PairSource(PairSequencer sequencer, FlowCell flowCell, CopyShares shares, RandomStream random) {
    this.sequencer = sequencer;
    this.flowCell = flowCell;
    this.shares = shares;
    this.random = random;
  }

  @Override
  public void sequence(Fragment fragment, AlignmentFile bam) {
    ReadPair pair = sequencer.sequence(fragment, flowCell.next());
    bam.add(pair);
    double draw = random.nextDouble();
    if (draw >= shares.pcr() + shares.optical() || !pair.isAligned()) {
      return;
    }
    boolean optical = draw < shares.optical();
    Cluster cluster = optical ? flowCell.opticalCopyOf(pair.cluster()) : flowCell.next();
    ReadPair copy = sequencer.sequence(fragment, cluster);
    if (copy.isAligned()) {
      (copy.qualitySum() > pair.qualitySum() ? pair : copy).markDuplicate();
    }
    bam.add(copy);
  }

  @Override
  public void sequenceJunk(AlignmentFile bam) {
    bam.add(sequencer.sequenceJunk(flowCell.next()));
  }
}
