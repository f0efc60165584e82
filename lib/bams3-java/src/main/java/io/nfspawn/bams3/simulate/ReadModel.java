package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMReadGroupRecord;
import java.util.List;
import java.util.stream.IntStream;

/** Which sequencer's reads are simulated, and which aligner's tags they carry. */
public enum ReadModel {
  /** 40 quality levels and the tags of bwa mem: quick, and fair to a caller. */
  DEMO(FlowCellLayout.DEMO, 30, 150, 0.02) {
    @Override
    PairSequencer sequencer(SAMFileHeader header, SimulationOptions options, RandomStream random) {
      int lengthBp = options.readLengthBp();
      return new Sequencer(
          header,
          lengthBp,
          new QualityModel(lengthBp, false),
          new QualityModel(lengthBp, true),
          random);
    }

    @Override
    double opticalCopies() {
      return 0.006;
    }
  },

  /** Names, qualities and tags of bwa aln that compress as those of a real HiSeq 2000 run do. */
  HISEQ(FlowCellLayout.HISEQ, 50, 150, 0.006) {
    @Override
    PairSequencer sequencer(SAMFileHeader header, SimulationOptions options, RandomStream random) {
      return new FittedSequencer(header, options.readLengthBp(), FittedModel.load(), random);
    }

    // In the slice more reads have a gap that few of their neighbours have (XG).
    @Override
    double slipRate() {
      return 0.015;
    }

    // Few: a slice has none, as they have no place.
    @Override
    double junkPairs() {
      return 0.00005;
    }

    @Override
    FragmentLengths lengths(SimulationOptions options) {
      return FragmentLengths.counted(options.readLengthBp(), FittedModel.load());
    }

    @Override
    VariantModel.Rates variants() {
      return FittedModel.load().variants();
    }

    @Override
    List<SAMReadGroupRecord> readGroups(String sample) {
      return List.of(readGroup(sample, sample, "ILLUMINA"));
    }
  },

  /** Four quality levels and the tags of bwa mem. */
  NOVASEQ(FlowCellLayout.NOVASEQ, 30, 150, 0.06) {
    @Override
    PairSequencer sequencer(SAMFileHeader header, SimulationOptions options, RandomStream random) {
      FourLevelQualities qualities = new FourLevelQualities();
      return new Sequencer(header, options.readLengthBp(), qualities, qualities, random);
    }
  },

  /** Long reads with the errors of a nanopore and the tags of minimap2; not paired. */
  ONT(FlowCellLayout.DEMO, 20, 8_000, 0) {
    @Override
    PairSequencer sequencer(SAMFileHeader header, SimulationOptions options, RandomStream random) {
      throw new IllegalStateException("nanopores read no pairs");
    }

    @Override
    ReadSource source(SAMFileHeader header, SimulationOptions options) {
      return new NanoporeSource(header, RandomStream.of(options.seed(), "sequencer"));
    }

    @Override
    FragmentLengths lengths(SimulationOptions options) {
      return FragmentLengths.logNormal(options.readLengthBp());
    }

    @Override
    List<SAMReadGroupRecord> readGroups(String sample) {
      return List.of(readGroup(sample, sample, "ONT"));
    }

    @Override
    int readsAFragment() {
      return 1;
    }
  };

  private final FlowCellLayout flowCell;
  private final double coverage;
  private final int readLengthBp;
  private final double pcrCopies;

  ReadModel(FlowCellLayout flowCell, double coverage, int readLengthBp, double pcrCopies) {
    this.flowCell = flowCell;
    this.coverage = coverage;
    this.readLengthBp = readLengthBp;
    this.pcrCopies = pcrCopies;
  }

  /** Mean depth when none is asked for. */
  public double defaultCoverage() {
    return coverage;
  }

  /** Length of each read, or mean length of long ones, when none is asked for. */
  public int defaultReadLengthBp() {
    return readLengthBp;
  }

  /**
   * About one variant in 800 bases, one in seven an indel, two het to a hom. They keep a distance,
   * so that each has one right representation whatever its neighbours.
   */
  VariantModel.Rates variants() {
    return new VariantModel.Rates(VariantSpacing.exponential(25, 775), 0.14, 0.35, 0.45, true);
  }

  /** Share of clusters that the camera sees twice. */
  double opticalCopies() {
    return 0;
  }

  /** See {@link Slippage}. */
  double slipRate() {
    return 0.01;
  }

  /** Share of pairs that are not of the genome. */
  double junkPairs() {
    return 0.002;
  }

  /** How many fragments can be sequenced. */
  long capacity() {
    return flowCell.capacity();
  }

  boolean isPaired() {
    return readsAFragment() == 2;
  }

  int readsAFragment() {
    return 2;
  }

  abstract PairSequencer sequencer(
      SAMFileHeader header, SimulationOptions options, RandomStream random);

  ReadSource source(SAMFileHeader header, SimulationOptions options) {
    long seed = options.seed();
    return new PairSource(
        sequencer(header, options, RandomStream.of(seed, "sequencer")),
        new FlowCell(flowCell, RandomStream.of(seed, "flow cell")),
        new PairSource.CopyShares(pcrCopies, opticalCopies()),
        RandomStream.of(seed, "copies"));
  }

  FragmentLengths lengths(SimulationOptions options) {
    return FragmentLengths.normal(options.readLengthBp());
  }

  /** One a lane. */
  List<SAMReadGroupRecord> readGroups(String sample) {
    return IntStream.rangeClosed(1, flowCell.lanes())
        .mapToObj(lane -> readGroup(flowCell.readGroup(lane), sample, "ILLUMINA"))
        .toList();
  }

  private static SAMReadGroupRecord readGroup(String id, String sample, String platform) {
    SAMReadGroupRecord group = new SAMReadGroupRecord(id);
    group.setSample(sample);
    group.setLibrary(sample + "-1");
    group.setPlatform(platform);
    group.setPlatformUnit(id);
    return group;
  }
}
