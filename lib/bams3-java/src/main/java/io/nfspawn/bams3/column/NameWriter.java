package io.nfspawn.bams3.column;

import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.codec.ByteSink;
import java.util.ArrayList;
import java.util.List;

/** Writes the names of records that share theirs with no earlier one. */
final class NameWriter {
  private static final int MAX_FORMATS = 255;

  /** A page with more formats than this has names that formats do not help. */
  private static final int TRIES = 64;

  private final ByteSink formatsOut;
  private final ByteSink forms;
  private final ByteSink literals;
  private final ByteSink[] fields = new ByteSink[Column.NAME_FIELDS * Column.NAME_PLANES];
  private final List<NameFormat> formats = new ArrayList<>();
  private final int[] values = new int[Column.NAME_FIELDS];
  private int last;

  NameWriter(ColumnSinks sinks) {
    formatsOut = sinks.sink(Column.NAME_FORMATS);
    forms = sinks.sink(Column.NAME_FORM);
    literals = sinks.sink(Column.NAME_LITERAL);
    for (int i = 0; i < fields.length; i++) {
      fields[i] = sinks.sink(Column.NAME_FIELD + i);
    }
  }

  void write(PageTable table, byte[] bytes) {
    formats.clear();
    last = 0;
    for (int i = 0; i < table.records; i++) {
      if (table.link[i] == 0) {
        int from = table.start[i] + RecordView.FIXED_BYTES;
        int to = from + table.nameBytes[i];
        int form = bytes[to - 1] == 0 ? formOf(bytes, from, to - 1) : 0;
        forms.putUnsigned(form);
        if (form == 0) {
          literals.putUnsigned(to - from);
          literals.put(bytes, from, to - from);
        } else {
          putValues(formats.get(form - 1).numbers());
        }
      }
    }
    if (!formats.isEmpty()) {
      formatsOut.putUnsigned(formats.size());
      for (NameFormat format : formats) {
        format.write(formatsOut);
      }
    }
  }

  /** Number of the format, from 1, with its values read; 0 for a literal name. */
  private int formOf(byte[] bytes, int from, int to) {
    if (from == to) {
      return 0;
    }
    int known = formats.size();
    for (int i = 0; i < known; i++) {
      int candidate = last + i < known ? last + i : last + i - known;
      if (formats.get(candidate).match(bytes, from, to, values)) {
        last = candidate;
        return candidate + 1;
      }
    }
    if (known == Math.min(TRIES, MAX_FORMATS)) {
      return 0;
    }
    NameFormat format = NameFormat.of(bytes, from, to);
    if (format.numbers() == 0 || !format.match(bytes, from, to, values)) {
      return 0;
    }
    formats.add(format);
    last = known;
    return known + 1;
  }

  private void putValues(int numbers) {
    for (int field = 0; field < numbers; field++) {
      int value = values[field];
      int first = field * Column.NAME_PLANES;
      fields[first].put(value);
      fields[first + 1].put(value >>> 8);
      fields[first + 2].put(value >>> 16);
      fields[first + 3].put(value >>> 24);
    }
  }
}
