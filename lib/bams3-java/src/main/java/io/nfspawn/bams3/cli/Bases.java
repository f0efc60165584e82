package io.nfspawn.bams3.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bases: {@code 1M} is 1,048,576. */
record Bases(int count) {

  /** K, M and G are powers of 1024. */
  static final class Converter implements ITypeConverter<Bases> {
    @Override
    public Bases convert(String text) {
      String digits = text;
      int shift = 0;
      if (!text.isEmpty()) {
        shift =
            switch (Character.toUpperCase(text.charAt(text.length() - 1))) {
              case 'K' -> 10;
              case 'M' -> 20;
              case 'G' -> 30;
              default -> 0;
            };
      }
      if (shift > 0) {
        digits = text.substring(0, text.length() - 1);
      }
      if (!digits.matches("[0-9]{1,10}")) {
        throw new TypeConversionException(
            "'" + text + "' is not a number of bases, such as 4096, 64K or 1M (1024-based)");
      }
      long count = Long.parseLong(digits) << shift;
      if (count > Integer.MAX_VALUE) {
        throw new TypeConversionException("'" + text + "' is " + count + " bases, too many");
      }
      return new Bases((int) count);
    }
  }
}
