package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Field;
import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.Query;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.column.Projection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which chunks, pages and records a query wants, and which columns of them. */
final class Selection {
  /** All records, whole. */
  static final Selection ALL = new Selection(Query.ALL);

  private final Query query;
  private final @Nullable IntervalSet bases;
  private final Projection projection;

  Selection(Query query) {
    this.query = query;
    this.bases = query.bases();
    this.projection = new Projection(neededFields(query));
  }

  /** Of whole records, by place alone. */
  Selection(boolean everything, boolean unplaced, IntervalSet bases) {
    this(new Query(everything ? null : bases, unplaced, 0, 0, 0, Query.ALL.fields()));
  }

  /** What is asked for and what it takes to choose. */
  private static Set<Field> neededFields(Query query) {
    Set<Field> fields = EnumSet.noneOf(Field.class);
    fields.addAll(query.fields());
    if (!query.isEverywhere()) {
      fields.add(Field.CIGAR);
    }
    if (query.minMapq() > 0) {
      fields.add(Field.MAPQ);
    }
    return fields;
  }

  Projection projection() {
    return projection;
  }

  /** Whether any record between two positions of a contig could be wanted. */
  boolean mayTouch(int contig, int minStart0, int maxEnd0) {
    if (bases == null) {
      return true;
    }
    return contig < 0 ? query.unplaced() : bases.overlaps(contig, minStart0, maxEnd0);
  }

  /** Whether any record of a page could be wanted for its flags. */
  boolean mayMatch(int flagOr, int flagAnd) {
    int required = query.requiredFlags();
    return (flagOr & required) == required && (flagAnd & query.excludedFlags()) == 0;
  }

  boolean wants(RecordView record) {
    return query.wants(record);
  }
}
