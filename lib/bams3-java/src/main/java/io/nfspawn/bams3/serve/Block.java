package io.nfspawn.bams3.serve;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.Region;
import io.nfspawn.bams3.bam.BgzfOutput;
import io.nfspawn.bams3.serve.HtsgetException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A part of an answer that has a URL of its own; the parts of an answer, one after the other, are a
 * BAM file without its end-of-file block. The query of the URL says all there is to know, so the
 * server remembers nothing between requests.
 */
sealed interface Block {

  /** The query of the block's URL. */
  String query();

  /** Writes whole BGZF blocks. */
  void write(Dataset dataset, OutputStream out) throws IOException;

  /** Fast: what is sent is inflated at once. */
  int LEVEL = 1;

  /** The head of the BAM file. */
  record Header() implements Block {
    @Override
    public String query() {
      return "part=header";
    }

    @Override
    public void write(Dataset dataset, OutputStream out) throws IOException {
      try (BgzfOutput bgzf = new BgzfOutput(out, LEVEL)) {
        bgzf.write(dataset.bamHeader());
        bgzf.finishPart();
      }
    }
  }

  /** Every record. */
  record All() implements Block {
    @Override
    public String query() {
      return "part=all";
    }

    @Override
    public void write(Dataset dataset, OutputStream out) throws IOException {
      try (RecordCursor records = dataset.query()) {
        Block.write(records, out);
      }
    }
  }

  /** The unplaced records. */
  record Unplaced() implements Block {
    @Override
    public String query() {
      return "part=unplaced";
    }

    @Override
    public void write(Dataset dataset, OutputStream out) throws IOException {
      try (RecordCursor records = dataset.query(Region.UNPLACED)) {
        Block.write(records, out);
      }
    }
  }

  /**
   * The records that overlap intervals of one contig.
   *
   * @param intervals disjoint and in order
   */
  record OnContig(int contigIndex, List<Interval> intervals) implements Block {
    @Override
    public String query() {
      return "part=contig&index=%d&on=%s"
          .formatted(
              contigIndex,
              intervals.stream()
                  .map(interval -> interval.start0() + "-" + interval.end0())
                  .collect(Collectors.joining(",")));
    }

    @Override
    public void write(Dataset dataset, OutputStream out) throws IOException {
      try (RecordCursor records = dataset.query(intervals.toArray(new Interval[0]))) {
        Block.write(records, out);
      }
    }
  }

  /** Reads {@link #query} back. */
  static Block of(Parameters parameters) throws HtsgetException {
    String part = String.valueOf(parameters.get("part"));
    return switch (part) {
      case "header" -> new Header();
      case "all" -> new All();
      case "unplaced" -> new Unplaced();
      case "contig" -> onContig(parameters.get("index"), parameters.get("on"));
      default -> throw unknown();
    };
  }

  private static OnContig onContig(@Nullable String index, @Nullable String on)
      throws HtsgetException {
    if (index == null || on == null) {
      throw unknown();
    }
    try {
      int contig = Integer.parseInt(index);
      List<Interval> intervals = new ArrayList<>();
      for (String text : on.split(",", -1)) {
        int dash = text.indexOf('-');
        intervals.add(
            new Interval(
                contig,
                Integer.parseInt(text.substring(0, Math.max(0, dash))),
                Integer.parseInt(text.substring(dash + 1))));
      }
      return new OnContig(contig, intervals);
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  private static HtsgetException unknown() {
    return new HtsgetException(
        Kind.INVALID_INPUT, "this is no URL of a ticket; ask for /reads/ID first");
  }

  private static void write(RecordCursor records, OutputStream out) throws IOException {
    try (BgzfOutput bgzf = new BgzfOutput(out, LEVEL)) {
      while (records.next()) {
        records.record().writeTo(bgzf);
      }
      bgzf.finishPart();
    }
  }
}
