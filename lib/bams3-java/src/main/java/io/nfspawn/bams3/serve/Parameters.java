package io.nfspawn.bams3.serve;

import io.nfspawn.bams3.serve.HtsgetException.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of a URL behind the question mark. */
record Parameters(Map<String, String> values) {

  static Parameters of(@Nullable String rawQuery) throws HtsgetException {
    Map<String, String> values = new HashMap<>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return new Parameters(values);
    }
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (values.put(name, value) != null) {
        throw new HtsgetException(Kind.INVALID_INPUT, "parameter " + name + " is given twice");
      }
    }
    return new Parameters(values);
  }

  private static String decoded(String text) throws HtsgetException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HtsgetException(Kind.INVALID_INPUT, "'" + text + "' is not URL-encoded");
    }
  }

  @Nullable String get(String name) {
    return values.get(name);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }
}
