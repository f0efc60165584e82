package io.nfspawn.bams3.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.serve.HtsgetException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants of a dataset. {@code fields}, {@code tags} and {@code notags} are checked and
 * then not heeded, as the protocol permits: every record is sent whole.
 *
 * @param content what is wanted
 * @param intervals disjoint, in dictionary order; only with {@link Content#REGIONS}
 * @param unplaced whether the unplaced records are among the regions
 */
record ReadsRequest(Content content, List<Interval> intervals, boolean unplaced) {

  /** What of a dataset. */
  enum Content {
    HEADER,
    ALL,
    REGIONS
  }

  /** One region as it was given, start and end still text. */
  private record RegionText(
      @Nullable String contig, @Nullable String start, @Nullable String end) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NEXT_TO_HEADER = Set.of("class", "format");
  private static final long MAX_POSITION = 0xffff_ffffL;

  /** Reads the parameters of a GET. */
  static ReadsRequest of(Parameters parameters, Dataset dataset) throws HtsgetException {
    checkFormat(parameters.get("format"));
    checkTags(list(parameters.get("tags")), list(parameters.get("notags")));
    String wanted = parameters.get("class");
    if (wanted != null) {
      checkClass(wanted);
      for (String name : parameters.values().keySet()) {
        if (!NEXT_TO_HEADER.contains(name)) {
          throw invalid(name + " cannot be asked for together with class=header");
        }
      }
      return new ReadsRequest(Content.HEADER, List.of(), false);
    }
    RegionText region =
        new RegionText(
            parameters.get("referenceName"), parameters.get("start"), parameters.get("end"));
    if (region.contig() == null) {
      if (region.start() != null || region.end() != null) {
        throw invalid("start and end need a referenceName");
      }
      return new ReadsRequest(Content.ALL, List.of(), false);
    }
    return of(List.of(region), dataset);
  }

  /** Reads the body of a POST. */
  static ReadsRequest of(byte[] body, Dataset dataset) throws HtsgetException {
    JsonNode json = parsed(body);
    checkFormat(text(json, "format"));
    checkTags(list(json, "tags"), list(json, "notags"));
    if (json.hasNonNull("class")) {
      checkClass(text(json, "class"));
      if (json.has("regions")) {
        throw invalid("regions cannot be asked for together with class=header");
      }
      return new ReadsRequest(Content.HEADER, List.of(), false);
    }
    JsonNode regions = json.get("regions");
    if (regions == null || regions.isNull()) {
      return new ReadsRequest(Content.ALL, List.of(), false);
    }
    if (!regions.isArray() || regions.isEmpty()) {
      throw invalid("regions must be an array of at least one region");
    }
    List<RegionText> wanted = new ArrayList<>();
    for (JsonNode region : regions) {
      String contig = text(region, "referenceName");
      if (contig == null) {
        throw invalid("a region needs a referenceName");
      }
      wanted.add(new RegionText(contig, number(region, "start"), number(region, "end")));
    }
    return of(wanted, dataset);
  }

  private static ReadsRequest of(List<RegionText> regions, Dataset dataset) throws HtsgetException {
    if (!dataset.isCoordinateSorted()) {
      throw invalid("the records are not coordinate sorted, so regions cannot be asked for");
    }
    List<Interval> intervals = new ArrayList<>();
    boolean unplaced = false;
    for (RegionText region : regions) {
      if ("*".equals(region.contig())) {
        if (region.start() != null || region.end() != null) {
          throw invalid("referenceName * has no start and end");
        }
        unplaced = true;
      } else {
        interval(region, dataset).ifPresent(intervals::add);
      }
    }
    return new ReadsRequest(Content.REGIONS, IntervalSet.of(intervals).intervals(), unplaced);
  }

  /** Empty when start and end are equal. */
  private static Optional<Interval> interval(RegionText region, Dataset dataset)
      throws HtsgetException {
    String name = String.valueOf(region.contig());
    Contig contig =
        dataset
            .contig(name)
            .orElseThrow(
                () ->
                    new HtsgetException(
                        Kind.NOT_FOUND, "there is no reference " + name + " in the header"));
    long start = position(region.start(), "start", 0);
    long end = position(region.end(), "end", MAX_POSITION);
    if (end < start) {
      throw new HtsgetException(
          Kind.INVALID_RANGE, "end %d lies before start %d".formatted(end, start));
    }
    if (start > 0 && start >= contig.lengthBp()) {
      throw new HtsgetException(
          Kind.INVALID_RANGE,
          "start %d lies behind the end of %s, which has %d bases"
              .formatted(start, name, contig.lengthBp()));
    }
    int end0 = (int) Math.min(end, Integer.MAX_VALUE);
    return start == end
        ? Optional.empty()
        : Optional.of(new Interval(contig.index(), (int) start, end0));
  }

  private static long position(@Nullable String text, String name, long absent)
      throws HtsgetException {
    if (text == null) {
      return absent;
    }
    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > MAX_POSITION) {
      throw invalid("%s is '%s'; it must be a number from 0 to 4294967295".formatted(name, text));
    }
    return Long.parseLong(text);
  }

  private static void checkFormat(@Nullable String format) throws HtsgetException {
    if (format != null && !format.toUpperCase(Locale.ROOT).equals("BAM")) {
      throw new HtsgetException(
          Kind.UNSUPPORTED_FORMAT, "format is " + format + "; only BAM can be had");
    }
  }

  private static void checkClass(@Nullable String wanted) throws HtsgetException {
    if (!"header".equals(wanted)) {
      throw invalid("class is " + wanted + "; it can only be header");
    }
  }

  private static void checkTags(List<String> tags, List<String> notags) throws HtsgetException {
    for (String tag : tags) {
      if (!tag.isEmpty() && notags.contains(tag)) {
        throw invalid("tag " + tag + " is in both tags and notags");
      }
    }
  }

  private static List<String> list(@Nullable String commaSeparated) {
    return commaSeparated == null ? List.of() : Arrays.asList(commaSeparated.split(",", -1));
  }

  private static List<String> list(JsonNode json, String name) {
    List<String> texts = new ArrayList<>();
    json.path(name).forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static JsonNode parsed(byte[] body) throws HtsgetException {
    try {
      JsonNode json = JSON.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw invalid("the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new AssertionError("bytes in memory", e);
    }
    throw invalid("the body is not a JSON object");
  }

  private static @Nullable String text(JsonNode json, String name) throws HtsgetException {
    JsonNode value = json.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw invalid(name + " must be a string");
    }
    return value.asText();
  }

  private static @Nullable String number(JsonNode json, String name) {
    JsonNode value = json.get(name);
    return value == null || value.isNull() ? null : value.asText();
  }

  private static HtsgetException invalid(String message) {
    return new HtsgetException(Kind.INVALID_INPUT, message);
  }
}
