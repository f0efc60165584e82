package io.nfspawn.vcfmerge;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Text in windows of whole lines, so that lines are looked at in place. After {@link #next} the
 * lines stand in {@code buffer()[0, end())}, each ended by a newline. One thread.
 */
final class LineWindows {
  private static final int WINDOW_BYTES = 1 << 18;
  private static final int MAX_LINE_BYTES = 1 << 30;

  private final InputStream in;
  private byte[] buffer = new byte[WINDOW_BYTES];
  private int end;
  private int filled;

  LineWindows(InputStream in) {
    this.in = in;
  }

  byte[] buffer() {
    return buffer;
  }

  int end() {
    return end;
  }

  /**
   * @return false at the end of the text
   * @throws EOFException if the last line is not ended
   */
  boolean next() throws IOException {
    System.arraycopy(buffer, end, buffer, 0, filled - end);
    filled -= end;
    end = 0;
    while (true) {
      int room = buffer.length - filled;
      int n = in.readNBytes(buffer, filled, room);
      int newline = lastNewline(filled, filled + n);
      filled += n;
      if (newline >= 0) {
        end = newline + 1;
        return true;
      }
      if (n < room) {
        return endOfText();
      }
      grow();
    }
  }

  private boolean endOfText() throws EOFException {
    if (filled > 0) {
      throw new EOFException("the last line is not ended");
    }
    return false;
  }

  private void grow() throws IOException {
    if (buffer.length >= MAX_LINE_BYTES) {
      throw new IOException("a line is longer than " + MAX_LINE_BYTES + " bytes");
    }
    buffer = Arrays.copyOf(buffer, buffer.length * 2);
  }

  private int lastNewline(int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
