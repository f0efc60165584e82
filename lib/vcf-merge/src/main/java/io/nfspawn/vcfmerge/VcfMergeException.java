package io.nfspawn.vcfmerge;

import java.io.IOException;

/** What can go wrong in a merge apart from the machine; the message is one line for the user. */
public abstract sealed class VcfMergeException extends IOException
    permits ConflictingChunkException,
        HeaderMismatchException,
        IncompleteMergeException,
        InvalidChunkException,
        InvalidPlanException,
        OutputException {
  VcfMergeException(String message) {
    super(message);
  }

  VcfMergeException(String message, Throwable cause) {
    super(message, cause);
  }
}
