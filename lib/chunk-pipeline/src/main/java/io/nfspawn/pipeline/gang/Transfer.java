package io.nfspawn.pipeline.gang;

/** How a caller comes by the records of a work item. */
public enum Transfer {
  /** The pipeline chooses; by value as long as datasets lie in directories. */
  AUTO,
  /** They travel with the item over the channel. */
  VALUE,
  /** The item carries nothing; the caller reads the dataset. */
  REFERENCE;

  boolean byValue() {
    return this != REFERENCE;
  }
}
