package io.nfspawn.bams3.simulate;

/** What a sequencer says of its bases, and the errors that go with it. */
interface Qualities {
  /**
   * Draws the qualities of one read and puts errors into its bases, which are given along the
   * reference: a reverse read's first cycle is its last base.
   */
  void sequence(byte[] bases, byte[] qualities, boolean reverse, RandomStream random);
}
