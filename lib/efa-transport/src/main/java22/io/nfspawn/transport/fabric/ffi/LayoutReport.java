package io.nfspawn.transport.fabric.ffi;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/** What is assumed of the C headers, for comparison with a compiler's view of them. */
public final class LayoutReport {
  private LayoutReport() {}

  /**
   * Lines {@code sizeof STRUCT BYTES}, {@code offsetof STRUCT FIELD BYTES} and {@code constant NAME
   * VALUE}. Called by reflection.
   */
  public static List<String> lines() throws ReflectiveOperationException {
    List<String> lines = new ArrayList<>();
    for (Struct struct : Structs.all()) {
      lines.add("sizeof " + struct.name() + " " + struct.sizeBytes());
      for (String field : struct.fields()) {
        lines.add("offsetof " + struct.name() + " " + field + " " + struct.offset(field));
      }
    }
    for (Field constant : Constants.class.getDeclaredFields()) {
      if (!constant.isSynthetic()) {
        lines.add("constant " + constant.getName() + " " + constant.getLong(null));
      }
    }
    return lines;
  }
}
