package io.nfspawn.bams3.column;

import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.RecordException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Encodes pages of records; owned by one thread, used for many pages. */
public final class PageEncoder implements AutoCloseable {
  private final PageTable table = new PageTable();
  private final EmbeddedReference reference = new EmbeddedReference();
  private final Differences differences = new Differences();
  private final ColumnSinks sinks;
  private final NameLinks links = new NameLinks();
  private final ReferenceBuilder referenceBuilder;
  private final FieldWriter fields;
  private final NameWriter names;
  private final BaseWriter bases;
  private final QualityWriter qualities;
  private final DerivedTags derived;
  private final TagWriter tags;

  public PageEncoder(Profile profile) {
    this(profile, null);
  }

  /**
   * @param given bases for reads without the tag MD; null for none. Not closed
   */
  public PageEncoder(Profile profile, @Nullable ReferenceBases given) {
    referenceBuilder = new ReferenceBuilder(reference, given);
    sinks = new ColumnSinks(profile);
    fields = new FieldWriter(sinks);
    names = new NameWriter(sinks);
    bases = new BaseWriter(sinks, reference, differences);
    qualities = new QualityWriter(sinks, profile);
    derived = new DerivedTags(table, reference, differences);
    tags = new TagWriter(sinks, derived);
  }

  /**
   * Encodes a page.
   *
   * @param bytes the records, end to end
   * @param contig the chunk's contig, -1 unplaced, -2 when each record has its own
   * @param ordinal number of the first record, for messages
   * @throws RecordException when a record cannot be one
   */
  public void encode(byte[] bytes, int length, int records, int contig, long ordinal)
      throws IOException {
    sinks.clear();
    RecordScan.fill(table, bytes, length, records, ordinal);
    links.find(table, bytes);
    fields.write(table, contig == FieldReader.ANY_CONTIG);
    names.write(table, bytes);
    referenceBuilder.build(table, bytes, contig);
    bases.write(table, bytes);
    qualities.write(table, bytes);
    derived.useQualities(qualities.qualities(), qualities.starts());
    tags.write(table, bytes);
    sinks.store(records);
  }

  /** The page encoded last, for the store. */
  public byte[] stored() {
    return sinks.page();
  }

  /** Its shape. */
  public PageShape shape(int storedBytes) {
    return new PageShape(
        storedBytes,
        sinks.headerBytes(),
        sinks.coreBytes(),
        sinks.headerCrc(),
        table.records,
        table.start[table.records]);
  }

  /** Bytes that went into a column so far and what became of them: name, raw, stored. */
  public String report() {
    StringBuilder text = new StringBuilder();
    for (int id = 0; id < Column.IDS; id++) {
      if (sinks.rawTotal(id) > 0) {
        text.append(
            "%-16s %12d %12d%n"
                .formatted(Column.name(id), sinks.rawTotal(id), sinks.storedTotal(id)));
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    sinks.close();
  }
}
