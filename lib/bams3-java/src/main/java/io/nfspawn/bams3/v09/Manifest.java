package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.Counts;
import java.util.List;

/**
 * What a dataset consists of; written last, so that there is a dataset only when all of it is
 * there.
 *
 * @param spanBp chunk span
 * @param sorted whether records are in coordinate order
 * @param headerBytes size of the header document
 * @param headerSha256 its digest
 * @param counts numbers of all records
 * @param chunks in file order
 * @param digest SHA-256 of the manifest's own content
 */
record Manifest(
    int spanBp,
    boolean sorted,
    int headerBytes,
    String headerSha256,
    Counts counts,
    List<StoredChunk> chunks,
    String digest) {
  static final String KEY = "manifest.json";
  static final String HEADER_KEY = "header.bam";
  static final String FORMAT = "bams3";
  static final String VERSION = "0.9";

  Manifest {
    chunks = List.copyOf(chunks);
  }
}
