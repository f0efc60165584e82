package io.nfspawn.vcfmerge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header of a VCF without the lines that name one invocation of a tool.
 *
 * @param source whose header it is, for messages
 * @param meta {@code ##} lines in order, as ISO-8859-1 text so that every byte survives
 * @param callerLineAt place in {@code meta} of the first line that was left out
 * @param columns the {@code #CHROM} line
 */
record VcfHeader(String source, List<String> meta, int callerLineAt, String columns) {
  private static final Set<String> INVOCATION_KEYS =
      Set.of("filedate", "starttime", "cmdline", "spawn_chunk");
  private static final Pattern CONTIG_ID = Pattern.compile("[<,]ID=([^,>]+)");
  private static final Pattern CONTIG_LENGTH = Pattern.compile("[<,]length=(\\d+)");
  private static final String CONTIG = "##contig=";
  private static final String END = "(end of header)";

  VcfHeader {
    meta = List.copyOf(meta);
  }

  /**
   * @param lines all header lines without their newlines, the last one is {@code #CHROM}
   * @param extraKeys further keys to leave out
   */
  static VcfHeader of(String source, List<String> lines, Set<String> extraKeys) {
    List<String> meta = new ArrayList<>();
    int callerLineAt = -1;
    for (String line : lines.subList(0, lines.size() - 1)) {
      if (!namesInvocation(line, extraKeys)) {
        meta.add(line);
      } else if (callerLineAt < 0) {
        callerLineAt = meta.size();
      }
    }
    int at = callerLineAt < 0 ? meta.size() : callerLineAt;
    return new VcfHeader(source, meta, at, lines.get(lines.size() - 1));
  }

  /** Such as bcftools_callCommand, GATKCommandLine, commandline, fileDate. */
  private static boolean namesInvocation(String line, Set<String> extraKeys) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      return false;
    }
    String key = line.substring(2, equals);
    String lower = key.toLowerCase(Locale.ROOT);
    return extraKeys.contains(key)
        || INVOCATION_KEYS.contains(lower)
        || lower.endsWith("command")
        || lower.endsWith("commandline");
  }

  /** Value of the {@code ##spawn_chunk} line among raw header lines, null when there is none. */
  static @Nullable String chunkIdIn(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("##spawn_chunk="))
        .map(line -> line.substring("##spawn_chunk=".length()).strip())
        .findFirst()
        .orElse(null);
  }

  int columnCount() {
    return columns.split("\t", -1).length;
  }

  List<String> samples() {
    List<String> names = List.of(columns.split("\t", -1));
    return names.size() > 9 ? names.subList(9, names.size()) : List.of();
  }

  List<Contig> contigs() {
    List<Contig> contigs = new ArrayList<>();
    for (String line : meta) {
      Matcher id = CONTIG_ID.matcher(line);
      if (line.startsWith(CONTIG) && id.find()) {
        Matcher length = CONTIG_LENGTH.matcher(line);
        contigs.add(new Contig(utf8(id.group(1)), length.find() ? parse(length.group(1)) : 0));
      }
    }
    return contigs;
  }

  /** Says which line is the first that differs. */
  void requireAgreementOf(VcfHeader other) throws HeaderMismatchException {
    int n = Math.max(meta.size(), other.meta.size());
    for (int i = 0; i < n; i++) {
      requireSame(other, lineAt(i), other.lineAt(i));
    }
    requireSame(other, columns, other.columns);
  }

  private void requireSame(VcfHeader other, String mine, String its)
      throws HeaderMismatchException {
    if (!mine.equals(its)) {
      throw new HeaderMismatchException(other.source, source, utf8(mine), utf8(its));
    }
  }

  private String lineAt(int i) {
    return i < meta.size() ? meta.get(i) : END;
  }

  /** Text with newlines, ready to be written. */
  byte[] canonical(@Nullable String callerLine) {
    List<String> lines = new ArrayList<>(meta);
    if (callerLine != null) {
      byte[] utf8 = callerLine.getBytes(StandardCharsets.UTF_8);
      lines.add(callerLineAt, new String(utf8, StandardCharsets.ISO_8859_1));
    }
    lines.add(columns);
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static long parse(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE >> 8 : Long.parseLong(digits);
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
