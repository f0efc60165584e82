package io.nfspawn.bams3;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records are wanted, and what of them. Immutable; each method gives a narrower query.
 *
 * <pre>{@code
 * Query good = Query.overlapping(dataset.region("chr20:10,000,000-10,010,000"))
 *     .excluding(RecordView.UNMAPPED | RecordView.DUPLICATE)
 *     .withMapqFrom(20)
 *     .only(Field.CIGAR);
 * try (RecordCursor records = dataset.query(good)) {
 *   while (records.next()) {
 *     System.out.println(records.record().start0() + " " + records.record().end0());
 *   }
 * }
 * }</pre>
 *
 * @param bases that records must overlap; null for all records
 * @param unplaced with {@code bases}: whether the unplaced records are wanted too
 * @param requiredFlags bits that must all be set
 * @param excludedFlags bits of which none may be set; pages whose records all have one, or none a
 *     required one, are not even fetched
 * @param minMapq least mapping quality
 * @param fields what is fetched and decoded of each record; a field that is not in it reads as
 *     {@link Field} says, unless choosing records took it or a CIGAR of its page lies in a tag
 */
public record Query(
    @Nullable IntervalSet bases,
    boolean unplaced,
    int requiredFlags,
    int excludedFlags,
    int minMapq,
    Set<Field> fields) {

  /** All records, whole. */
  public static final Query ALL = new Query(null, true, 0, 0, 0, EnumSet.allOf(Field.class));

  public Query {
    fields = Set.copyOf(fields);
  }

  /** Records that overlap any of the intervals. */
  public static Query overlapping(Interval... intervals) {
    return overlapping(IntervalSet.of(Arrays.asList(intervals)), false);
  }

  /** The same for regions; {@link Region#UNPLACED} adds the unplaced records. */
  public static Query overlapping(Region... regions) {
    List<Interval> intervals =
        Arrays.stream(regions).filter(r -> !r.isUnplaced()).map(Region::toInterval).toList();
    boolean unplaced = Arrays.stream(regions).anyMatch(Region::isUnplaced);
    return overlapping(IntervalSet.of(intervals), unplaced);
  }

  private static Query overlapping(IntervalSet bases, boolean unplaced) {
    return new Query(bases, unplaced, 0, 0, 0, ALL.fields);
  }

  /** Of these, records with all of the flag bits: {@code samtools view -f}. */
  public Query requiring(int flags) {
    return new Query(bases, unplaced, requiredFlags | flags, excludedFlags, minMapq, fields);
  }

  /** Of these, records with none of the flag bits: {@code samtools view -F}. */
  public Query excluding(int flags) {
    return new Query(bases, unplaced, requiredFlags, excludedFlags | flags, minMapq, fields);
  }

  /** Of these, records of at least this mapping quality: {@code samtools view -q}. */
  public Query withMapqFrom(int least) {
    int higher = Math.max(minMapq, least);
    return new Query(bases, unplaced, requiredFlags, excludedFlags, higher, fields);
  }

  /** The same records, with only these fields beside flag, contig and start. */
  public Query only(Field... wanted) {
    Set<Field> some = EnumSet.noneOf(Field.class);
    some.addAll(Arrays.asList(wanted));
    return new Query(bases, unplaced, requiredFlags, excludedFlags, minMapq, some);
  }

  /** Whether records are wanted wherever they lie. */
  public boolean isEverywhere() {
    return bases == null;
  }

  /** Whether a record with its flag, place, CIGAR and mapping quality is one of these. */
  public boolean wants(RecordView record) {
    int flag = record.flag();
    return (flag & requiredFlags) == requiredFlags
        && (flag & excludedFlags) == 0
        && (minMapq == 0 || record.mapq() >= minMapq)
        && isInPlace(record);
  }

  private boolean isInPlace(RecordView record) {
    return bases == null || (record.contigIndex() < 0 ? unplaced : bases.overlaps(record));
  }
}
