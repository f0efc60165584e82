package io.nfspawn.vcfmerge;

/** The same chunk came twice with other records, or two chunks cover the same bases. */
public final class ConflictingChunkException extends VcfMergeException {
  ConflictingChunkException(String message) {
    super(message);
  }
}
