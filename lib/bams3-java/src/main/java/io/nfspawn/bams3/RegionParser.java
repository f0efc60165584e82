package io.nfspawn.bams3;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rules of {@link Region#parse}; keeps the names, so that many regions cost one table. */
final class RegionParser {
  private static final String FORMS =
      "write CONTIG, CONTIG:START, CONTIG:START-END or CONTIG:-END, 1-based";

  private final List<Contig> contigs;
  private final Map<String, Contig> byName;

  RegionParser(List<Contig> contigs) {
    this.contigs = contigs;
    this.byName = new HashMap<>(contigs.size() * 2);
    for (Contig contig : contigs) {
      byName.putIfAbsent(contig.name(), contig);
    }
  }

  Region parse(String text) throws RegionException {
    if (text.equals("*")) {
      return Region.UNPLACED;
    }
    if (text.startsWith("{")) {
      return parseQuoted(text);
    }
    int colon = text.lastIndexOf(':');
    Contig whole = byName.get(text);
    if (colon < 0) {
      return whole(whole != null ? whole : unknown(text, text));
    }
    Contig prefix = byName.get(text.substring(0, colon));
    if (whole != null) {
      if (prefix != null) {
        throw new RegionException(
            text,
            "region %s is ambiguous: write {%s} or {%s}%s"
                .formatted(text, text, prefix.name(), text.substring(colon)));
      }
      return whole(whole);
    }
    if (prefix == null) {
      return whole(unknown(text, text.substring(0, colon)));
    }
    return range(text, prefix, text.substring(colon + 1));
  }

  private Region parseQuoted(String text) throws RegionException {
    int close = text.indexOf('}');
    if (close < 0) {
      throw new RegionException(text, "region %s lacks its closing }".formatted(text));
    }
    String name = text.substring(1, close);
    Contig contig = byName.get(name);
    if (contig == null) {
      contig = unknown(text, name);
    }
    if (close + 1 == text.length()) {
      return whole(contig);
    }
    if (text.charAt(close + 1) != ':') {
      throw notUnderstood(text);
    }
    return range(text, contig, text.substring(close + 2));
  }

  private static Region whole(Contig contig) {
    return new Region(contig.index(), contig.name(), 1, Integer.MAX_VALUE);
  }

  /** The part after the colon: START, START-, START-END, -END. */
  private static Region range(String text, Contig contig, String range) throws RegionException {
    DecimalScanner scanner = new DecimalScanner(range);
    long start = scanner.next();
    boolean more = !scanner.atEnd();
    if (start < 0 && !more) {
      return region(text, contig, 1, -start);
    }
    if (start < 0 || (more && !scanner.skip('-'))) {
      throw notUnderstood(text);
    }
    long end = more ? scanner.next() : 0;
    if (!scanner.atEnd() || end < 0) {
      throw notUnderstood(text);
    }
    return region(text, contig, Math.max(1, start), end == 0 ? Integer.MAX_VALUE : end);
  }

  private static Region region(String text, Contig contig, long start1, long end1)
      throws RegionException {
    if (start1 > end1) {
      throw new RegionException(
          text, "region %s ends (%d) before it starts (%d)".formatted(text, end1, start1));
    }
    return new Region(
        contig.index(),
        contig.name(),
        (int) Math.min(start1, Integer.MAX_VALUE),
        (int) Math.min(end1, Integer.MAX_VALUE));
  }

  private static RegionException notUnderstood(String text) {
    return new RegionException(text, "region %s is not understood; %s".formatted(text, FORMS));
  }

  private Contig unknown(String text, String name) throws RegionException {
    String nearest = nearest(name);
    throw new RegionException(
        text,
        "region %s: there is no contig %s in the header%s"
            .formatted(text, name, nearest.isEmpty() ? "" : "; did you mean " + nearest + "?"));
  }

  /** The same name with or without "chr" (and MT for chrM), else the one with the fewest edits. */
  private String nearest(String name) {
    List<String> twins = new ArrayList<>();
    twins.add("chr" + name);
    if (name.startsWith("chr")) {
      twins.add(name.substring(3));
    }
    if (name.equals("MT") || name.equals("M") || name.equals("chrMT")) {
      twins.addAll(List.of("chrM", "MT", "M"));
    } else if (name.equals("chrM")) {
      twins.add("MT");
    }
    for (String twin : twins) {
      if (byName.containsKey(twin)) {
        return twin;
      }
    }
    String best = "";
    int fewest = Math.max(2, name.length() / 3) + 1;
    for (Contig contig : contigs.subList(0, Math.min(contigs.size(), 10_000))) {
      int edits = edits(name.toLowerCase(Locale.ROOT), contig.name().toLowerCase(Locale.ROOT));
      if (edits < fewest) {
        fewest = edits;
        best = contig.name();
      }
    }
    return best;
  }

  /** Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
