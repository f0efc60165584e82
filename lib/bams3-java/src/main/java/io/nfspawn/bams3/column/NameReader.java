package io.nfspawn.bams3.column;

import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;

/** Reads what {@link NameWriter} wrote, record after record. */
final class NameReader {
  private static final int MAX_FORMATS = 255;
  private static final int MAX_NAME_BYTES = 255;

  private NameFormat[] formats = {};
  private final ByteSource[] fields = new ByteSource[Column.NAME_FIELDS * Column.NAME_PLANES];
  private final int[] values = new int[Column.NAME_FIELDS];
  private ByteSource forms = new ByteSource();
  private ByteSource literals = new ByteSource();

  void moveTo(ColumnSources columns) throws CodecException {
    ByteSource in = columns.column(Column.NAME_FORMATS);
    int count = in.nextCount();
    if (count > MAX_FORMATS) {
      throw new CodecException(Column.NAME_FORMATS, "has %d formats".formatted(count));
    }
    formats = new NameFormat[count];
    for (int i = 0; i < count; i++) {
      formats[i] = NameFormat.read(in);
    }
    forms = columns.column(Column.NAME_FORM);
    literals = columns.column(Column.NAME_LITERAL);
    for (int i = 0; i < fields.length; i++) {
      fields[i] = columns.column(Column.NAME_FIELD + i);
    }
  }

  /**
   * Writes a record's name with its NUL where there are at least 255 bytes of room: its own, or
   * that of the mate it is linked to, which lies in the same array. Returns its length.
   */
  int read(PageTable table, int record, byte[] out, int at) throws CodecException {
    if (table.link[record] == 0) {
      table.nameBytes[record] = read(out, at);
    } else {
      int other = record - table.link[record];
      table.nameBytes[record] = table.nameBytes[other];
      int from = table.start[other] + RecordView.FIXED_BYTES;
      System.arraycopy(out, from, out, at, table.nameBytes[other]);
    }
    return table.nameBytes[record];
  }

  private int read(byte[] out, int at) throws CodecException {
    int form = forms.nextCount();
    if (form == 0) {
      int length = literals.nextCount();
      if (length < 1 || length > MAX_NAME_BYTES) {
        throw new CodecException(Column.NAME_LITERAL, "has a name of %d bytes".formatted(length));
      }
      System.arraycopy(literals.bytes(), literals.skip(length), out, at, length);
      return length;
    }
    if (form > formats.length) {
      throw new CodecException(Column.NAME_FORM, "has no format " + form);
    }
    NameFormat format = formats[form - 1];
    for (int field = 0; field < format.numbers(); field++) {
      int first = field * Column.NAME_PLANES;
      values[field] =
          fields[first].next()
              | fields[first + 1].next() << 8
              | fields[first + 2].next() << 16
              | fields[first + 3].next() << 24;
    }
    int end = format.format(values, out, at, at + MAX_NAME_BYTES - 1);
    if (end < 0) {
      throw new CodecException(Column.NAME_FORMATS, "makes a name of more than 254 bytes");
    }
    out[end] = 0;
    return end + 1 - at;
  }
}
