package io.nfspawn.plugin.config;

import java.util.Map;
import nextflow.util.Duration;
import nextflow.util.MemoryUnit;

/** How a value of one option type is read and compared. */
enum OptionType {
  WORD(String.class, "one of") {
    @Override
    Object parse(Object given) {
      return given.toString();
    }
  },
  COUNT(Integer.class, "a whole number") {
    @Override
    Object parse(Object given) {
      return Integer.valueOf(given.toString().strip());
    }
  },
  MEMORY(MemoryUnit.class, "an amount of memory such as 8 GB") {
    @Override
    Object parse(Object given) {
      return given instanceof MemoryUnit memory ? memory : MemoryUnit.of(given.toString());
    }
  },
  DURATION(Duration.class, "a duration such as 30 s") {
    @Override
    Object parse(Object given) {
      return given instanceof Duration duration ? duration : Duration.of(given.toString());
    }
  };

  private static final Map<Class<?>, OptionType> BY_JAVA_TYPE =
      Map.of(
          String.class,
          WORD,
          Integer.class,
          COUNT,
          MemoryUnit.class,
          MEMORY,
          Duration.class,
          DURATION);

  private final Class<?> javaType;
  private final String words;

  OptionType(Class<?> javaType, String words) {
    this.javaType = javaType;
    this.words = words;
  }

  static OptionType of(Class<?> javaType) {
    OptionType type = BY_JAVA_TYPE.get(javaType);
    if (type == null) {
      throw new IllegalStateException("no option type for " + javaType);
    }
    return type;
  }

  /** What a user should type, for messages and the reference page. */
  String words() {
    return words;
  }

  /**
   * @throws IllegalArgumentException when the value is not of this type
   */
  abstract Object parse(Object given);

  /** Negative, zero or positive, as {@link Comparable} has it. */
  @SuppressWarnings("unchecked")
  int compare(Object left, Object right) {
    return ((Comparable<Object>) javaType.cast(left)).compareTo(right);
  }
}
