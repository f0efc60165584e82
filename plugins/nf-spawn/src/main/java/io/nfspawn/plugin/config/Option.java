package io.nfspawn.plugin.config;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import nextflow.config.schema.ConfigScope;
import nextflow.script.dsl.Description;

/**
 * One option of the scope.
 *
 * @param key its full name, e.g. {@code spawn.local.cpus}
 * @param field where {@link SpawnScope} or a scope inside it keeps the value
 */
record Option(String key, Field field, OptionType type, Allowed allowed, String description) {

  /** All options of a scope, those of inner scopes after its own. */
  static List<Option> of(String prefix, Class<?> scope) {
    List<Option> options = new ArrayList<>();
    for (Field field : scope.getFields()) {
      Allowed allowed = field.getAnnotation(Allowed.class);
      Description description = field.getAnnotation(Description.class);
      String key = prefix + "." + field.getName();
      if (allowed != null && description != null) {
        options.add(
            new Option(key, field, OptionType.of(field.getType()), allowed, description.value()));
      }
    }
    for (Field field : innerScopes(scope)) {
      options.addAll(of(prefix + "." + field.getName(), field.getType()));
    }
    return options;
  }

  static List<Field> innerScopes(Class<?> scope) {
    List<Field> inner = new ArrayList<>();
    for (Field field : scope.getFields()) {
      if (ConfigScope.class.isAssignableFrom(field.getType())
          && !Modifier.isStatic(field.getModifiers())) {
        inner.add(field);
      }
    }
    return inner;
  }

  /** The last part of the key. */
  String name() {
    return field.getName();
  }

  /** What is allowed, in words: "a whole number from 1 to 64". */
  String range() {
    if (allowed.words().length > 0) {
      return "one of " + String.join(", ", allowed.words());
    }
    String low = allowed.min().isEmpty() ? "" : " from " + allowed.min();
    String high = allowed.max().isEmpty() ? "" : " to " + allowed.max();
    return type.words() + low + (low.isEmpty() || !high.isEmpty() ? high : " on");
  }

  boolean accepts(Object value) {
    if (allowed.words().length > 0) {
      return List.of(allowed.words()).contains(value);
    }
    return (allowed.min().isEmpty() || type.compare(value, type.parse(allowed.min())) >= 0)
        && (allowed.max().isEmpty() || type.compare(value, type.parse(allowed.max())) <= 0);
  }
}
