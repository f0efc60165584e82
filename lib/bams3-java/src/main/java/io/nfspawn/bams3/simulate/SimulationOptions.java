package io.nfspawn.bams3.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What to simulate. The same options give the same bytes on the same JDK build; records, variants
 * and bases are the same on all (only zlib's output may differ).
 *
 * @param seed any number; another seed gives other data
 * @param lengthBp bases of the reference, all contigs together
 * @param coverage mean depth of reads over the reference, duplicates not counted
 * @param readLengthBp length of each read, mean length of long ones
 * @param sample sample name: SM of the read groups and the VCF's column
 * @param model whose reads they are
 */
public record SimulationOptions(
    long seed, long lengthBp, double coverage, int readLengthBp, String sample, ReadModel model) {
  public static final long DEFAULT_LENGTH_BP = 1_200_000;
  public static final double DEFAULT_COVERAGE = 30;
  public static final int DEFAULT_READ_LENGTH_BP = 150;
  public static final String DEFAULT_SAMPLE = "demo";

  static final long LEAST_LENGTH_BP = 20_000;
  static final long MOST_LENGTH_BP = 128L << 20;
  private static final double MOST_COVERAGE = 10_000;
  private static final int LEAST_READ_LENGTH_BP = 50;
  private static final int MOST_READ_LENGTH_BP = 300;
  private static final int MOST_MEAN_LENGTH_BP = 30_000;
  private static final Pattern SAMPLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}");

  /** All problems together in one {@link IllegalArgumentException}. */
  public SimulationOptions {
    List<String> problems = new ArrayList<>();
    if (lengthBp < LEAST_LENGTH_BP || lengthBp > MOST_LENGTH_BP) {
      problems.add(
          String.format(
              Locale.ROOT,
              "--length=%,d bases, allowed %,d to %,d",
              lengthBp,
              LEAST_LENGTH_BP,
              MOST_LENGTH_BP));
    }
    if (!(coverage > 0 && coverage <= MOST_COVERAGE)) {
      problems.add(
          String.format(
              Locale.ROOT, "--coverage=%s, allowed above 0 up to %,.0f", coverage, MOST_COVERAGE));
    }
    int mostLengthBp = model.isPaired() ? MOST_READ_LENGTH_BP : MOST_MEAN_LENGTH_BP;
    if (readLengthBp < LEAST_READ_LENGTH_BP || readLengthBp > mostLengthBp) {
      problems.add(
          String.format(
              Locale.ROOT,
              "--read-length=%d bases, allowed %d to %d",
              readLengthBp,
              LEAST_READ_LENGTH_BP,
              mostLengthBp));
    }
    if (!SAMPLE.matcher(sample).matches()) {
      problems.add(
          String.format(
              Locale.ROOT,
              "--sample='%s', allowed up to 100 letters, digits and . _ + -, the first a letter or"
                  + " digit",
              sample));
    }
    if (problems.isEmpty()
        && model.isPaired()
        && lengthBp * coverage / (2 * readLengthBp) > model.capacity()) {
      problems.add(
          String.format(
              Locale.ROOT,
              "--length × --coverage needs more than the %,d pairs that one simulated flow cell"
                  + " holds; lower one of them",
              model.capacity()));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** For {@link ReadModel#DEMO}. */
  public SimulationOptions(
      long seed, long lengthBp, double coverage, int readLengthBp, String sample) {
    this(seed, lengthBp, coverage, readLengthBp, sample, ReadModel.DEMO);
  }

  /** The defaults with this seed. */
  public static SimulationOptions ofSeed(long seed) {
    return new SimulationOptions(
        seed, DEFAULT_LENGTH_BP, DEFAULT_COVERAGE, DEFAULT_READ_LENGTH_BP, DEFAULT_SAMPLE);
  }

  /** Bases of a reference for at least this many reads. */
  static long lengthForReads(long reads, ReadModel model, double coverage, int readLengthBp) {
    return (long) Math.ceil((reads + 2L * model.readsAFragment()) * readLengthBp / coverage);
  }

  /** Fragments for a stretch of the reference, copies of the same molecule not counted. */
  int fragmentsFor(int stretchBp) {
    return (int)
        Math.round(stretchBp * coverage / ((double) model.readsAFragment() * readLengthBp));
  }

  /** Bytes that the files take, roughly and rather too many. */
  long estimatedBytes() {
    return lengthBp * 2 + (long) (lengthBp * coverage * 1.2) + (1 << 20);
  }

  /** The command line that gives the same data, without the place they go to. */
  String commandLine() {
    return String.format(
            Locale.ROOT,
            "bams3 simulate --seed %d --length %d --coverage %s --read-length %d --sample %s",
            seed,
            lengthBp,
            coverage,
            readLengthBp,
            sample)
        + (model == ReadModel.DEMO ? "" : " --model " + model.name().toLowerCase(Locale.ROOT));
  }
}
