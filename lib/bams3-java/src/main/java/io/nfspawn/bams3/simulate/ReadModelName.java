package io.nfspawn.bams3.simulate;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a model as users write it. */
final class ReadModelName implements ITypeConverter<ReadModel> {
  @Override
  public ReadModel convert(String text) {
    return Arrays.stream(ReadModel.values())
        .filter(model -> nameOf(model).equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    Arrays.stream(ReadModel.values())
                        .map(ReadModelName::nameOf)
                        .collect(Collectors.joining(", ", "'" + text + "' is none of ", ""))));
  }

  static String nameOf(ReadModel model) {
    return model.name().toLowerCase(Locale.ROOT);
  }
}
