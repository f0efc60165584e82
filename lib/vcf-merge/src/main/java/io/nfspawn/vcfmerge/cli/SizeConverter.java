package io.nfspawn.vcfmerge.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes, with K, M and G as powers of 1024. */
final class SizeConverter implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([KMG]?)");

  @Override
  public Long convert(String value) {
    Matcher matcher = SIZE.matcher(value);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + value + "' is not a size such as 64M, 1G, 65536");
    }
    int shift = "KMG".indexOf(matcher.group(2));
    boolean plain = matcher.group(2).isEmpty();
    return Long.parseLong(matcher.group(1)) << (plain ? 0 : 10 * (shift + 1));
  }
}
