package io.nfspawn.vcfmerge;

/**
 * Name of a chunk of calls, unique in one merge.
 *
 * @param value for planned work items {@code <contig index>:<core start>}
 */
public record ChunkId(String value) {
  public ChunkId {
    if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("chunk id must be printable and not blank");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
