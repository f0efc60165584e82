package io.nfspawn.bams3.simulate;

/**
 * How far it is from one variant to the next, less {@link VariantModel#LEAST_SPACING_BP}; below 0
 * where they come closer.
 */
interface VariantSpacing {
  int drawBp(RandomStream random);

  /** Independent of each other. */
  static VariantSpacing exponential(int meanBp) {
    return random -> (int) (-StrictMath.log(1 - random.nextDouble()) * meanBp);
  }

  /**
   * As in a real genome, where some stretches have many variants and some few: runs of them, in
   * another order each time all have come.
   *
   * @param spacings in their order along the genome
   */
  static VariantSpacing counted(int[] spacings) {
    return new VariantSpacing() {
      private static final int RUN = 16;

      private final int[] order = new int[spacings.length / RUN];
      private int drawn;

      @Override
      public int drawBp(RandomStream random) {
        if (drawn == 0) {
          shuffle(random);
        }
        int spacing = spacings[order[drawn / RUN] * RUN + drawn % RUN];
        drawn = (drawn + 1) % (order.length * RUN);
        return spacing - VariantModel.LEAST_SPACING_BP;
      }

      private void shuffle(RandomStream random) {
        for (int i = 0; i < order.length; i++) {
          int other = random.nextInt(i + 1);
          order[i] = order[other];
          order[other] = i;
        }
      }
    };
  }
}
