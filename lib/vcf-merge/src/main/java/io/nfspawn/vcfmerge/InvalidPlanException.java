package io.nfspawn.vcfmerge;

/** The plan file cannot be used. */
public final class InvalidPlanException extends VcfMergeException {
  InvalidPlanException(String file, String problem) {
    super(file + ": not a usable plan: " + problem + "; make it with spawn-chunks plan");
  }
}
