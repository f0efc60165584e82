package io.nfspawn.bams3.simulate;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bases: 1200000, 1,200,000, 512K, 4M, 1G; the letters are 1024-based. */
final class BaseCount implements ITypeConverter<Long> {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,12}|\\d{1,3}(?:,\\d{3}){1,3})([KMG]?)");

  @Override
  public Long convert(String value) {
    Matcher form = FORM.matcher(value.toUpperCase(Locale.ROOT));
    if (!form.matches()) {
      throw new TypeConversionException(
          "'" + value + "' is not a number of bases; write 1200000, 512K, 4M or 1G (1024-based)");
    }
    int shift =
        switch (form.group(2)) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    return Long.parseLong(form.group(1).replace(",", "")) << shift;
  }
}
