package io.nfspawn.bams3;

/** A record that cannot be written to a dataset. */
public final class RecordException extends Bams3Exception {
  private static final long serialVersionUID = 1L;

  private final long record;

  /**
   * @param record its place in the input, from 1
   * @param problem what is wrong and what to do
   */
  public RecordException(long record, String problem) {
    super("record " + record + " " + problem);
    this.record = record;
  }

  public long record() {
    return record;
  }
}
