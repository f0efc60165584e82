package io.nfspawn.vcfmerge;

import io.nfspawn.vcfmerge.bgzf.BgzfWriter;
import io.nfspawn.vcfmerge.index.VcfIndexBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One BGZF-compressed VCF and the index that grows with it. One thread at a time. */
final class VcfOutput implements AutoCloseable {
  private final MessageDigest sha256 = Sha256.digest();
  private final BgzfWriter bgzf;
  private final VcfRecord record = new VcfRecord();
  private final @Nullable IndexFormat wantedIndex;
  private final boolean indexed;
  private @Nullable VcfIndexBuilder index;
  private IndexFormat indexFormat = IndexFormat.TBI;
  private byte[] contigBytes = {};
  private String contig = "";

  /**
   * @param indexed false = no index at all
   * @param wantedIndex null = by the contigs' lengths
   */
  VcfOutput(
      OutputStream out, int deflateThreads, boolean indexed, @Nullable IndexFormat wantedIndex) {
    this.bgzf = new BgzfWriter(new DigestOutputStream(out, sha256), deflateThreads);
    this.indexed = indexed;
    this.wantedIndex = wantedIndex;
  }

  void header(byte[] text, List<Contig> contigs) throws IOException {
    bgzf.write(text, 0, text.length);
    if (indexed) {
      indexFormat = wantedIndex == null ? IndexFormat.forContigs(contigs) : wantedIndex;
      if (indexFormat == IndexFormat.TBI) {
        requireTbiFits(contigs);
      }
      index = new VcfIndexBuilder(indexFormat, contigs, bgzf.position());
    }
  }

  private static void requireTbiFits(List<Contig> contigs) throws OutputException {
    Contig tooLong = IndexFormat.tooLongForTbi(contigs).orElse(null);
    if (tooLong != null) {
      throw new OutputException(
          "contig %s has %d bases, a TBI index reaches %d; use a CSI index"
              .formatted(tooLong.name(), tooLong.length(), IndexFormat.TBI_MAX_LENGTH));
    }
  }

  /** Writes whole, sound record lines. */
  void lines(byte[] buffer, int from, int to) throws IOException {
    if (index == null) {
      bgzf.write(buffer, from, to - from);
      return;
    }
    int start = from;
    while (start < to) {
      int newline = start;
      while (buffer[newline] != '\n') {
        newline++;
      }
      bgzf.write(buffer, start, newline + 1 - start);
      addToIndex(index, buffer, start, newline);
      start = newline + 1;
    }
  }

  private void addToIndex(VcfIndexBuilder to, byte[] buffer, int from, int newline)
      throws IOException {
    record.parse(buffer, from, newline);
    if (!record.isOn(contigBytes)) {
      contigBytes = record.contigBytes();
      contig = new String(contigBytes, StandardCharsets.UTF_8);
    }
    if (record.end() > to.maxPosition()) {
      throw new OutputException(
          "record at %s:%d ends at %d, a %s index reaches %d%s"
              .formatted(
                  contig,
                  record.pos(),
                  record.end(),
                  indexFormat,
                  to.maxPosition(),
                  indexFormat == IndexFormat.TBI ? "; use a CSI index" : ""));
    }
    to.add(contig, record.start(), record.end(), bgzf.position());
  }

  /** Ends the file; after that index and checksum are known. */
  void finish() throws IOException {
    bgzf.finish();
  }

  IndexFormat indexFormat() {
    return indexFormat;
  }

  /** The index file's bytes, BGZF-compressed; empty when there is no index. */
  void writeIndex(OutputStream out) throws IOException {
    if (index == null) {
      return;
    }
    byte[] plain = index.finish(bgzf.position(), bgzf::virtualOffset);
    try (BgzfWriter writer = new BgzfWriter(out, 1)) {
      writer.write(plain, 0, plain.length);
      writer.finish();
    }
  }

  String sha256() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  @Override
  public void close() {
    bgzf.close();
  }
}
