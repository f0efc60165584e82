package io.nfspawn.vcfmerge;

import org.jspecify.annotations.Nullable;

/** A chunk's text is not what it should be; the merge has not taken it and can go on. */
public final class InvalidChunkException extends VcfMergeException {
  private final String source;

  InvalidChunkException(String source, String problem) {
    this(source, problem, null);
  }

  InvalidChunkException(String source, String problem, @Nullable Throwable cause) {
    super(source + ": " + problem);
    this.source = source;
    if (cause != null) {
      initCause(cause);
    }
  }

  /** Name of the {@link VcfSource}. */
  public String source() {
    return source;
  }
}
