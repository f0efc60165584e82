package io.nfspawn.plugin.config;

import io.nfspawn.plugin.parameters.NearestName;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nextflow.config.schema.ConfigScope;

/** Fills a scope from the map that Nextflow made of the user's configuration. */
final class OptionReader {
  private final List<String> problems = new ArrayList<>();

  private OptionReader() {}

  /**
   * @throws ConfigProblems naming every wrong key and value at once
   */
  static SpawnScope read(Map<?, ?> given) {
    OptionReader reader = new OptionReader();
    SpawnScope scope = new SpawnScope();
    reader.fill(scope, "spawn", given);
    if (!reader.problems.isEmpty()) {
      throw new ConfigProblems(reader.problems);
    }
    return scope;
  }

  private void fill(ConfigScope scope, String prefix, Map<?, ?> given) {
    List<Option> options =
        Option.of(prefix, scope.getClass()).stream()
            .filter(option -> option.key().equals(prefix + "." + option.name()))
            .toList();
    List<Field> inner = Option.innerScopes(scope.getClass());
    given.forEach(
        (name, value) -> {
          var option = options.stream().filter(o -> o.name().equals(name.toString())).findFirst();
          var innerScope =
              inner.stream().filter(f -> f.getName().equals(name.toString())).findFirst();
          if (option.isPresent()) {
            set(scope, option.get(), value);
          } else if (innerScope.isPresent()) {
            enter(scope, innerScope.get(), prefix, value);
          } else {
            problems.add(unknown(prefix + "." + name));
          }
        });
  }

  private void enter(ConfigScope outer, Field field, String prefix, Object value) {
    String key = prefix + "." + field.getName();
    if (!(value instanceof Map<?, ?> map)) {
      problems.add(
          "%s = %s: is a scope with options of its own, not a value".formatted(key, value));
      return;
    }
    try {
      ConfigScope scope = (ConfigScope) field.getType().getConstructor().newInstance();
      field.set(outer, scope);
      fill(scope, key, map);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void set(ConfigScope scope, Option option, Object value) {
    if (value == null) {
      return;
    }
    try {
      Object parsed = option.type().parse(value);
      if (option.accepts(parsed)) {
        option.field().set(scope, parsed);
        return;
      }
    } catch (IllegalArgumentException e) {
      // reported below, together with values out of range
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    problems.add("%s = %s: must be %s".formatted(option.key(), value, option.range()));
  }

  private static String unknown(String key) {
    List<String> keys = Option.of("spawn", SpawnScope.class).stream().map(Option::key).toList();
    return "%s is not an option%s"
        .formatted(key, NearestName.of(key, keys).map(n -> "; did you mean " + n + "?").orElse(""));
  }
}
