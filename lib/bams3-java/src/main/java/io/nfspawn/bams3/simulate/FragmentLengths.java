package io.nfspawn.bams3.simulate;

/** How long the pieces of DNA are that get sequenced. */
interface FragmentLengths {
  int drawBp(RandomStream random);

  /** No fragment begins nearer to the contig's end; the few that are longer still are cut there. */
  int usualBp();

  /** Normally distributed: 230 bases beyond the read, give or take 55. */
  static FragmentLengths normal(int readLengthBp) {
    return new FragmentLengths() {
      private static final double DEVIATION_BP = 55;
      private static final int BEYOND_READ_BP = 230;

      @Override
      public int drawBp(RandomStream random) {
        double bp = readLengthBp + BEYOND_READ_BP + DEVIATION_BP * random.nextGaussian();
        return Math.max(readLengthBp, (int) bp);
      }

      // With room for what the longest insert may lose to deletions on its haplotype.
      @Override
      public int usualBp() {
        return readLengthBp + BEYOND_READ_BP + (int) (6 * DEVIATION_BP) + 100;
      }
    };
  }

  /** As counted in a real run, and one in 300 far apart, as where the genome is rearranged. */
  static FragmentLengths counted(int readLengthBp, FittedModel model) {
    return new FragmentLengths() {
      private static final double FAR_SHARE = 1 / 300.0;
      private static final int FAR_BP = 20_000;

      @Override
      public int drawBp(RandomStream random) {
        if (random.chance(FAR_SHARE)) {
          return random.between(usualBp(), FAR_BP);
        }
        // Libraries for longer reads have longer inserts.
        int bp = model.drawInsertBp(random) + 2 * (readLengthBp - FittedModel.READ_BP);
        return Math.max(readLengthBp, bp);
      }

      @Override
      public int usualBp() {
        return 800 + 2 * readLengthBp;
      }
    };
  }

  /** Log-normal, with the mean that is asked for, 200 bases at least and 100,000 at most. */
  static FragmentLengths logNormal(int meanBp) {
    return new FragmentLengths() {
      private static final double DEVIATION = 0.8;
      private static final int LEAST_BP = 200;
      private static final int MOST_BP = 100_000;

      @Override
      public int drawBp(RandomStream random) {
        double bp =
            meanBp * StrictMath.exp(DEVIATION * random.nextGaussian() - DEVIATION * DEVIATION / 2);
        return (int) Math.max(LEAST_BP, Math.min(MOST_BP, bp));
      }

      @Override
      public int usualBp() {
        return 2 * LEAST_BP;
      }
    };
  }
}
