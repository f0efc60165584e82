package io.nfspawn.bams3.column;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;
import java.util.zip.CRC32C;

/** Makes the checksums of a page fit what its columns have become. */
public final class StampedPage {
  private StampedPage() {}

  /** Corrects the header in place; returns the shape with its new checksum. */
  public static PageShape stamp(byte[] page, PageShape shape) throws CodecException {
    ByteSource header = new ByteSource().moveTo(page, 0, shape.headerBytes());
    header.nextCount();
    int at = shape.headerBytes();
    for (int columns = header.nextCount(); columns > 0; columns--) {
      header.nextCount();
      header.next();
      int length = header.nextCount();
      header.nextCount();
      LittleEndian.putInt32(page, header.skip(4), crc(page, at, length));
      at += length;
    }
    return new PageShape(
        shape.storedBytes(),
        shape.headerBytes(),
        shape.coreBytes(),
        crc(page, 0, shape.headerBytes()),
        shape.records(),
        shape.rawBytes());
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
