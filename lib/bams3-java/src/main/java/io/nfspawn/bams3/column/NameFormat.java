package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSink;
import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the names of a run are made: texts, with decimal numbers between them. Immutable. An empty
 * text stands for a number.
 */
final class NameFormat {
  private static final int MAX_TOKENS = 64;
  private static final int MAX_DIGITS = 9;

  private final byte[][] texts;
  private final int numbers;

  private NameFormat(byte[][] texts, int numbers) {
    this.texts = texts;
    this.numbers = numbers;
  }

  int numbers() {
    return numbers;
  }

  /** The format of a name: runs of digits between signs are numbers, all else is text. */
  static NameFormat of(byte[] bytes, int from, int to) {
    List<byte[]> tokens = new ArrayList<>();
    int numbers = 0;
    int textStart = from;
    for (int at = from; at < to; ) {
      int end = at;
      while (end < to && isDigit(bytes[end])) {
        end++;
      }
      boolean number =
          end > at
              && numbers < Column.NAME_FIELDS
              && tokens.size() < MAX_TOKENS - 3
              && end - at <= MAX_DIGITS
              && (bytes[at] != '0' || end - at == 1)
              && (at == from || !isLetter(bytes[at - 1]))
              && (end == to || !isLetter(bytes[end]));
      if (number) {
        if (textStart < at) {
          tokens.add(Arrays.copyOfRange(bytes, textStart, at));
        }
        tokens.add(new byte[0]);
        numbers++;
        textStart = end;
      }
      at = Math.max(end, at + 1);
    }
    if (textStart < to) {
      tokens.add(Arrays.copyOfRange(bytes, textStart, to));
    }
    return new NameFormat(tokens.toArray(new byte[0][]), numbers);
  }

  private static boolean isDigit(byte letter) {
    return letter >= '0' && letter <= '9';
  }

  private static boolean isLetter(byte letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
  }

  /** Reads the numbers of a name; false when it has another format. */
  boolean match(byte[] bytes, int from, int to, int[] values) {
    int at = from;
    int number = 0;
    for (byte[] text : texts) {
      if (text.length > 0) {
        if (to - at < text.length
            || !Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
          return false;
        }
        at += text.length;
        continue;
      }
      int start = at;
      int value = 0;
      while (at < to && isDigit(bytes[at]) && at - start < MAX_DIGITS) {
        value = value * 10 + bytes[at++] - '0';
      }
      if (at == start || (bytes[start] == '0' && at - start > 1)) {
        return false;
      }
      values[number++] = value;
    }
    return at == to;
  }

  /** Appends the name; returns its end, or -1 when there is no room before a limit. */
  int format(int[] values, byte[] out, int from, int limit) {
    int at = from;
    int number = 0;
    for (byte[] text : texts) {
      if (text.length > 0) {
        if (limit - at < text.length) {
          return -1;
        }
        for (byte letter : text) {
          out[at++] = letter;
        }
      } else {
        int value = values[number++];
        int digits = digits(value);
        if (limit - at < digits) {
          return -1;
        }
        at += digits;
        int rest = value;
        int to = at;
        if (value < 0) {
          // one division as of an unsigned number, and it is an ordinary one
          rest = Integer.divideUnsigned(value, 10);
          out[--to] = (byte) ('0' + (value - 10 * rest));
        }
        while (to > at - digits) {
          int tenth = rest / 10;
          out[--to] = (byte) ('0' + (rest - 10 * tenth));
          rest = tenth;
        }
      }
    }
    return at;
  }

  /** Number of decimal digits of an unsigned number. */
  private static int digits(int value) {
    if (value < 0) {
      return 10;
    }
    int digits = 1;
    for (int limit = 10; digits < 10 && value >= limit; limit *= 10) {
      digits++;
    }
    return digits;
  }

  void write(ByteSink out) {
    out.putUnsigned(texts.length);
    for (byte[] text : texts) {
      out.putUnsigned(text.length);
      out.put(text, 0, text.length);
    }
  }

  static NameFormat read(ByteSource in) throws CodecException {
    int tokens = in.nextCount();
    if (tokens > MAX_TOKENS) {
      throw new CodecException(Column.NAME_FORMATS, "has a format of %d tokens".formatted(tokens));
    }
    byte[][] texts = new byte[tokens][];
    int numbers = 0;
    for (int i = 0; i < tokens; i++) {
      int length = in.nextCount();
      int at = in.skip(length);
      texts[i] = Arrays.copyOfRange(in.bytes(), at, at + length);
      numbers += length == 0 ? 1 : 0;
    }
    if (numbers > Column.NAME_FIELDS) {
      throw new CodecException(
          Column.NAME_FORMATS, "has a format of %d numbers".formatted(numbers));
    }
    return new NameFormat(texts, numbers);
  }
}
