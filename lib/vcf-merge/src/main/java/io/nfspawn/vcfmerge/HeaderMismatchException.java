package io.nfspawn.vcfmerge;

/** A chunk's header says something else than the canonical one; the chunk was not taken. */
public final class HeaderMismatchException extends VcfMergeException {
  private final String source;
  private final String expected;
  private final String actual;

  HeaderMismatchException(String source, String canonicalSource, String expected, String actual) {
    super(
        source
            + ": header differs from that of "
            + canonicalSource
            + ": '"
            + actual
            + "' v expected '"
            + expected
            + "'; merge only chunks that the same caller made with the same reference and samples");
    this.source = source;
    this.expected = expected;
    this.actual = actual;
  }

  public String source() {
    return source;
  }

  /** First line of the canonical header that differs, or {@code (end of header)}. */
  public String expectedLine() {
    return expected;
  }

  public String actualLine() {
    return actual;
  }
}
