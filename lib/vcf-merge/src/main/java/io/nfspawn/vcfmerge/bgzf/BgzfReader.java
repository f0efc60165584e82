package io.nfspawn.vcfmerge.bgzf;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Uncompressed bytes of a BGZF stream. Stricter than {@link GZIPInputStream}: a stream that does
 * not end in the end-of-file block throws {@link EOFException}, and concatenated blocks never
 * depend on {@link InputStream#available}. One thread; closing closes the source.
 */
public final class BgzfReader extends InputStream {
  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final byte[] block = new byte[BgzfFormat.MAX_BLOCK_BYTES];
  private final byte[] data = new byte[BgzfFormat.MAX_BLOCK_BYTES];
  private int at;
  private int end;
  private boolean lastWasEmpty;
  private boolean atEnd;

  private BgzfReader(InputStream in) {
    this.in = in;
  }

  /** Plain text, gzip or BGZF, told apart by the first bytes. */
  public static InputStream uncompressed(InputStream source) throws IOException {
    BufferedInputStream in = new BufferedInputStream(source, 1 << 16);
    in.mark(BgzfFormat.HEADER_BYTES);
    byte[] head = new byte[BgzfFormat.HEADER_BYTES];
    int n = in.readNBytes(head, 0, head.length);
    in.reset();
    if (n < 2 || head[0] != 0x1f || head[1] != (byte) 0x8b) {
      return in;
    }
    return BgzfFormat.isHeader(head) ? new BgzfReader(in) : new GZIPInputStream(in, 1 << 16);
  }

  @Override
  public int read() throws IOException {
    return fill() ? data[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, end - at);
    System.arraycopy(data, at, target, offset, n);
    at += n;
    return n;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }

  private boolean fill() throws IOException {
    while (at == end && !atEnd) {
      nextBlock();
    }
    return at < end;
  }

  private void nextBlock() throws IOException {
    int n = in.readNBytes(block, 0, BgzfFormat.HEADER_BYTES);
    if (n == 0) {
      if (!lastWasEmpty) {
        throw new EOFException("no BGZF end-of-file block");
      }
      atEnd = true;
      return;
    }
    if (n < BgzfFormat.HEADER_BYTES) {
      throw new EOFException("ends inside a BGZF block");
    }
    if (!BgzfFormat.isHeader(block)) {
      throw new ZipException("bytes that are no BGZF block follow a block");
    }
    int rest = BgzfFormat.getShort(block, 16) + 1 - BgzfFormat.HEADER_BYTES;
    if (rest < BgzfFormat.FOOTER_BYTES) {
      throw new ZipException("BGZF block of impossible length");
    }
    if (in.readNBytes(block, 0, rest) < rest) {
      throw new EOFException("ends inside a BGZF block");
    }
    inflate(rest - BgzfFormat.FOOTER_BYTES);
  }

  private void inflate(int deflated) throws IOException {
    int expected = BgzfFormat.getInt(block, deflated + 4);
    inflater.reset();
    inflater.setInput(block, 0, deflated);
    int n;
    try {
      n = inflater.inflate(data);
    } catch (DataFormatException e) {
      throw new ZipException("corrupt deflate stream: " + e.getMessage());
    }
    CRC32 crc = new CRC32();
    crc.update(data, 0, n);
    if (n != expected || (int) crc.getValue() != BgzfFormat.getInt(block, deflated)) {
      throw new ZipException("BGZF block fails its checksum");
    }
    at = 0;
    end = n;
    lastWasEmpty = n == 0;
  }
}
