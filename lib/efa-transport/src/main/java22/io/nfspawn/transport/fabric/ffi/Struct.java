package io.nfspawn.transport.fabric.ffi;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Layout of one C struct under C's own names, with those of its fields that are used; what lies
 * between them is padding.
 */
record Struct(StructLayout layout) {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final java.lang.foreign.AddressLayout POINTER = ValueLayout.ADDRESS;

  /** A field: where it lies and what it is. */
  record Field(String name, long offset, ValueLayout type) {}

  static Field field(String name, long offset, ValueLayout type) {
    return new Field(name, offset, type);
  }

  static Struct of(String name, long sizeBytes, Field... fields) {
    List<MemoryLayout> members = new ArrayList<>();
    long end = 0;
    for (Field field : fields) {
      if (field.offset > end) {
        members.add(MemoryLayout.paddingLayout(field.offset - end));
      }
      members.add(field.type.withName(field.name));
      end = field.offset + field.type.byteSize();
    }
    if (sizeBytes > end) {
      members.add(MemoryLayout.paddingLayout(sizeBytes - end));
    }
    return new Struct(
        MemoryLayout.structLayout(members.toArray(MemoryLayout[]::new)).withName(name));
  }

  String name() {
    return layout.name().orElseThrow();
  }

  long sizeBytes() {
    return layout.byteSize();
  }

  long offset(String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }

  List<String> fields() {
    return layout.memberLayouts().stream().flatMap(m -> m.name().stream()).toList();
  }

  /** A table of function pointers, one every 8 bytes after the size. */
  static Struct operations(String name, long sizeBytes, String... slots) {
    List<Field> fields = new ArrayList<>();
    fields.add(field("size", 0, LONG));
    Arrays.stream(slots)
        .map(slot -> slot.split("@", 2))
        .map(slot -> field(slot[0], Long.parseLong(slot[1]), POINTER))
        .forEach(fields::add);
    return of(name, sizeBytes, fields.toArray(Field[]::new));
  }
}
