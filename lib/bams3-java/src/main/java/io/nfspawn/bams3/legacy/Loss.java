package io.nfspawn.bams3.legacy;

import java.util.ArrayList;
import java.util.List;

/**
 * Something of the original file that a dataset of an old version does not hold.
 *
 * @param field what it is, in the words of the SAM specification
 * @param outcome what stands in its place
 */
public record Loss(String field, String outcome) {

  @Override
  public String toString() {
    return field + ": " + outcome;
  }

  static List<Loss> of(Origin origin, boolean binary, boolean orderLost) {
    List<Loss> losses = new ArrayList<>(header(origin));
    losses.add(new Loss("RNEXT, PNEXT, TLEN", "*, 0, 0"));
    if (origin == Origin.PYTHON) {
      losses.add(new Loss("tags", "none"));
      losses.add(new Loss("RNAME and POS of unmapped reads", "* and 0"));
    } else {
      losses.add(new Loss("types of tags", "all Z, values as they were printed"));
    }
    if (origin == Origin.GO_FILE || origin == Origin.GO_STREAM) {
      losses.add(new Loss("order of tags", "as stored"));
    }
    if (binary) {
      losses.add(new Loss("bases other than A C G T N", "N"));
    }
    if (binary && origin == Origin.GO_STREAM) {
      losses.add(new Loss("CIGAR", "*"));
    }
    if (orderLost) {
      losses.add(new Loss("order of the records", "by chunk; any SO in @HD is unsorted"));
    }
    return List.copyOf(losses);
  }

  private static List<Loss> header(Origin origin) {
    return switch (origin) {
      case GO_FILE ->
          List.of(
              new Loss("@HD other than VN and SO", "absent"),
              new Loss("@SQ other than SN and LN", "absent"),
              new Loss("@RG other than ID", "absent"),
              new Loss("@PG other than PN and VN", "absent, ID is a number"),
              new Loss("@CO after a tab", "absent"),
              new Loss("order of header lines", "@HD @SQ @RG @PG @CO"));
      case GO_STREAM ->
          List.of(
              new Loss("order of header fields", "alphabetical"),
              new Loss("order of header lines", "@HD @SQ @RG @PG @CO"));
      case PYTHON ->
          List.of(new Loss("@CO", "absent"), new Loss("order of header lines", "@HD @SQ @RG @PG"));
      case OURS -> List.of(new Loss("order of header lines", "@HD @SQ @RG @PG @CO"));
    };
  }
}
