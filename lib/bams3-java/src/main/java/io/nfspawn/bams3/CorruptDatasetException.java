package io.nfspawn.bams3;

/** An object of a dataset is missing or is not what was written. */
public final class CorruptDatasetException extends Bams3Exception {
  private static final long serialVersionUID = 1L;

  private final String dataset;
  private final String object;

  /**
   * @param dataset the dataset's place
   * @param object key of the object that is not sound
   * @param problem what is wrong with it, actual against expected
   */
  public CorruptDatasetException(String dataset, String object, String problem) {
    super(
        "%s: object %s %s; restore it from a copy or run bams3 convert again"
            .formatted(dataset, object, problem));
    this.dataset = dataset;
    this.object = object;
  }

  public String dataset() {
    return dataset;
  }

  public String object() {
    return object;
  }
}
