package io.nfspawn.bams3.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bits of the flag field: a number (decimal, 0x hexadecimal, 0 octal) or names with commas. */
record FlagMask(int bits) {
  /** In the order of the bits; the names of samtools flags. */
  private static final List<String> NAMES =
      List.of(
          "PAIRED",
          "PROPER_PAIR",
          "UNMAP",
          "MUNMAP",
          "REVERSE",
          "MREVERSE",
          "READ1",
          "READ2",
          "SECONDARY",
          "QCFAIL",
          "DUP",
          "SUPPLEMENTARY");

  static final class Converter implements ITypeConverter<FlagMask> {
    @Override
    public FlagMask convert(String text) {
      if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
        try {
          return new FlagMask(Integer.decode(text));
        } catch (NumberFormatException e) {
          throw new TypeConversionException("'" + text + "' is not a number of flag bits");
        }
      }
      int bits = 0;
      for (String name : text.split(",", -1)) {
        int bit = NAMES.indexOf(name.toUpperCase(Locale.ROOT));
        if (bit < 0) {
          throw new TypeConversionException(
              "'%s' is not a flag; flags are %s".formatted(name, String.join(", ", NAMES)));
        }
        bits |= 1 << bit;
      }
      return new FlagMask(bits);
    }
  }
}
