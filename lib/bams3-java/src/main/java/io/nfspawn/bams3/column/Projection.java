package io.nfspawn.bams3.column;

import io.nfspawn.bams3.Field;
import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Some fields of records, and the columns that hold them. Core columns are one read, so that all of
 * them are fetched with a page's header; what else is needed shows there.
 */
public final class Projection {
  private final Set<Field> fields;

  /** A stretch of a page's stored bytes. */
  public record Stretch(int offset, int lengthBytes) {}

  public Projection(Set<Field> fields) {
    this.fields = Set.copyOf(fields);
  }

  /** Whether records are wanted as they are. */
  public boolean isWhole() {
    return fields.size() == Field.values().length;
  }

  boolean has(Field field) {
    return fields.contains(field);
  }

  /** Whether anything beyond the core columns is wanted. */
  private boolean hasColumns() {
    return has(Field.NAME) || has(Field.BASES) || has(Field.QUALITIES) || has(Field.TAGS);
  }

  /** Whether a column beyond the core is wanted. */
  private boolean needs(int id) {
    if (id < Column.SEQ_MODE) {
      return id != Column.BIN && has(Field.NAME);
    }
    if (id >= Column.TAG_SETS) {
      return has(Field.TAGS);
    }
    return id >= Column.QUAL_ABSENT ? has(Field.QUALITIES) : has(Field.BASES) || has(Field.TAGS);
  }

  /**
   * What is needed beyond the core, in as few stretches as there are.
   *
   * @param page starts with the page's header
   */
  public List<Stretch> stretches(byte[] page, PageShape shape) throws CodecException {
    List<Stretch> wanted = new ArrayList<>();
    if (!hasColumns()) {
      return wanted;
    }
    ColumnSources.checkHeader(page, 0, shape);
    ByteSource header = new ByteSource().moveTo(page, 0, shape.headerBytes());
    header.nextCount(); // records; checked when the page is decoded, as the rest
    long at = shape.headerBytes();
    for (int columns = header.nextCount(); columns > 0; columns--) {
      int id = header.nextCount();
      header.next(); // codec
      int storedBytes = header.nextCount();
      header.nextCount(); // raw bytes
      header.nextInt32(); // CRC
      if (at + storedBytes > shape.storedBytes()) {
        throw new CodecException("whose columns lie beyond its end");
      }
      if (id > Column.LAST_CORE && needs(id)) {
        add(wanted, (int) at, storedBytes);
      }
      at += storedBytes;
    }
    return wanted;
  }

  /** Adds a stretch, or lengthens the last one if it ends there. */
  private static void add(List<Stretch> wanted, int offset, int lengthBytes) {
    Stretch last = wanted.isEmpty() ? null : wanted.get(wanted.size() - 1);
    if (last != null && last.offset() + last.lengthBytes() == offset) {
      wanted.set(wanted.size() - 1, new Stretch(last.offset(), last.lengthBytes() + lengthBytes));
    } else {
      wanted.add(new Stretch(offset, lengthBytes));
    }
  }
}
