package io.nfspawn.bams3.v1;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where the header document is: in the manifest, so that opening a dataset is one request, or in an
 * object of its own when it is large.
 *
 * @param bytes size of the document
 * @param sha256 its digest
 * @param inline its zstd frame in base64; null when it is an object
 * @param storedBytes size of its zstd frame
 */
record HeaderEntry(int bytes, String sha256, @Nullable String inline, int storedBytes) {
  private static final int MAX_INLINE_BYTES = 1 << 18;
  private static final int LEVEL = 9;

  /** The zstd frame of a document. */
  static byte[] pack(byte[] document) {
    return Zstd.compress(document, LEVEL);
  }

  /** The entry of a document, which holds its frame unless that is large. */
  static HeaderEntry of(byte[] document, byte[] packed) {
    String text =
        packed.length > MAX_INLINE_BYTES ? null : Base64.getEncoder().encodeToString(packed);
    return new HeaderEntry(
        document.length, Digests.sha256Hex(document, document.length), text, packed.length);
  }

  /** The document, checked. */
  byte[] read(Store store) throws IOException {
    byte[] packed = inline == null ? fetch(store) : Base64.getDecoder().decode(inline);
    String object = inline == null ? Manifest.HEADER_KEY : Manifest.KEY;
    byte[] document;
    try {
      document = Zstd.decompress(packed, bytes);
    } catch (ZstdException e) {
      throw new CorruptDatasetException(store.place(), object, "has a header that zstd rejects");
    }
    if (!Digests.sha256Hex(document, document.length).equals(sha256)) {
      throw new CorruptDatasetException(store.place(), object, "has a wrong checksum or is cut");
    }
    return document;
  }

  private byte[] fetch(Store store) throws IOException {
    try {
      return store.read(Manifest.HEADER_KEY, 0, storedBytes);
    } catch (NoSuchFileException e) {
      throw new CorruptDatasetException(store.place(), Manifest.HEADER_KEY, "is missing");
    }
  }
}
