package io.nfspawn.bams3.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes: {@code 512M} is 536,870,912. */
record ByteSize(long bytes) {

  /** K, M and G are powers of 1024. */
  static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      int shift =
          switch (text.isEmpty() ? ' ' : Character.toUpperCase(text.charAt(text.length() - 1))) {
            case 'K' -> 10;
            case 'M' -> 20;
            case 'G' -> 30;
            default -> 0;
          };
      String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
      if (!digits.matches("[0-9]{1,9}")) {
        throw new TypeConversionException(
            "'" + text + "' is not a number of bytes, such as 512M or 2G (1024-based)");
      }
      return new ByteSize(Long.parseLong(digits) << shift);
    }
  }
}
