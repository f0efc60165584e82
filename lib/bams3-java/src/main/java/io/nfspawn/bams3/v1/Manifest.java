package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.Profile;
import java.util.List;

/**
 * What a dataset consists of; written last, so that there is a dataset only when all of it is
 * there.
 *
 * @param profile what it was written for
 * @param spanBp chunk span
 * @param sorted whether records are in coordinate order
 * @param header where the header document is
 * @param counts numbers of all records
 * @param chunks in file order
 * @param digest SHA-256 of the manifest's own content
 */
record Manifest(
    Profile profile,
    int spanBp,
    boolean sorted,
    HeaderEntry header,
    Counts counts,
    List<StoredChunk> chunks,
    String digest) {
  static final String KEY = "manifest.json";
  static final String HEADER_KEY = "header.zst";
  static final String FORMAT = "bams3";
  static final String VERSION = "1.0";

  /** The provisional version that nothing reads any more. */
  static final String PROVISIONAL = "0.9";

  /** The least release that reads {@link #VERSION}. */
  static final String READER = "0.1.0";

  Manifest {
    chunks = List.copyOf(chunks);
  }
}
