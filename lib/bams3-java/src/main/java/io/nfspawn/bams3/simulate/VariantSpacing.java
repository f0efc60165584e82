package io.nfspawn.bams3.simulate;

/** Where the next variant is looked for. */
interface VariantSpacing {
  /** No two are nearer to each other. */
  int leastBp();

  /**
   * @param at where the last one was looked for
   * @param free from where on there may be another
   */
  int next(int at, int free, RandomStream random);

  /**
   * Independent of each other.
   *
   * @param meanBp beyond the least
   */
  static VariantSpacing exponential(int leastBp, int meanBp) {
    return new VariantSpacing() {
      @Override
      public int leastBp() {
        return leastBp;
      }

      @Override
      public int next(int at, int free, RandomStream random) {
        return Math.max(at, free) + (int) (-StrictMath.log(1 - random.nextDouble()) * meanBp);
      }
    };
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
      private static final int LEAST_BP = 2;

      private final int[] order = new int[spacings.length / RUN];
      private int drawn;

      // By how much what came before pushed the last one back: the next ones come sooner.
      private int lateBp;

      @Override
      public int leastBp() {
        return LEAST_BP;
      }

      // From where it was looked for: indels are moved to runs, and there would be fewer of all.
      @Override
      public int next(int at, int free, RandomStream random) {
        if (drawn == 0) {
          shuffle(random);
        }
        int spacing = spacings[order[drawn / RUN] * RUN + drawn % RUN];
        drawn = (drawn + 1) % (order.length * RUN);
        int wanted = at + Math.max(spacing / 2, spacing - lateBp);
        int next = Math.max(wanted, free);
        lateBp += next - at - spacing;
        return next;
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
