package io.nfspawn.bams3.codec.deflate;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The JDK's own zlib: everywhere, and the slowest. */
final class JdkDeflate implements DeflateLibrary {
  static final String NAME = "jdk";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public BlockInflater inflater() {
    return new JdkInflater(new Inflater(true));
  }

  @Override
  public BlockDeflater deflater(int level) {
    return new JdkDeflater(new Deflater(level, true));
  }

  private record JdkInflater(Inflater inflater) implements BlockInflater {
    @Override
    public boolean inflate(
        byte[] source, int offset, int lengthBytes, byte[] target, int to, int expectedBytes) {
      inflater.reset();
      inflater.setInput(source, offset, lengthBytes);
      try {
        int done = inflater.inflate(target, to, expectedBytes);
        // the end may lie behind the last byte that it gave
        return done == expectedBytes && (inflater.finished() || isAtEnd());
      } catch (DataFormatException e) {
        return false;
      }
    }

    private boolean isAtEnd() throws DataFormatException {
      return inflater.inflate(new byte[1]) == 0 && inflater.finished();
    }

    @Override
    public void close() {
      inflater.end();
    }
  }

  private record JdkDeflater(Deflater deflater) implements BlockDeflater {
    @Override
    public int deflate(
        byte[] source, int offset, int lengthBytes, byte[] target, int to, int roomBytes) {
      deflater.reset();
      deflater.setInput(source, offset, lengthBytes);
      deflater.finish();
      int used = deflater.deflate(target, to, roomBytes);
      return deflater.finished() ? used : 0;
    }

    @Override
    public void close() {
      deflater.end();
    }
  }
}
