package io.nfspawn.pipeline.plan;

import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Interval;
import io.nfspawn.pipeline.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Reads a BED file, gzipped when its name ends in {@code .gz}, against a sequence dictionary:
 * 0-based, half-open, three columns or more.
 */
final class BedRegions {
  private final Path file;
  private final Map<String, Contig> contigs = new HashMap<>();

  private BedRegions(Path file, List<Contig> contigs) {
    this.file = file;
    contigs.forEach(contig -> this.contigs.put(contig.name(), contig));
  }

  /** Disjoint intervals in dictionary order; what touches or overlaps is joined. */
  static List<Interval> read(Path file, List<Contig> contigs) {
    List<String> lines;
    try {
      lines = lines(file);
    } catch (NoSuchFileException e) {
      throw new PipelineException("--regions " + file + " does not exist; give a BED file", e);
    } catch (IOException e) {
      throw new PipelineException("--regions " + file + " cannot be read as text: " + e, e);
    }
    BedRegions bed = new BedRegions(file, contigs);
    List<Interval> intervals = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      bed.read(lines.get(i), i + 1, intervals);
    }
    return joined(intervals);
  }

  private static List<String> lines(Path file) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    }
    try (InputStream plain = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(plain.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void read(String line, int number, List<Interval> intervals) {
    if (line.isBlank()
        || line.startsWith("#")
        || line.startsWith("track")
        || line.startsWith("browser")) {
      return;
    }
    String[] cells = line.split("\\s+", -1);
    Contig contig = contigs.get(cells[0]);
    if (contig == null) {
      throw new PipelineException(
          "--regions "
              + file
              + " line "
              + number
              + ": contig '"
              + cells[0]
              + "' is not in the dataset"
              + ContigNames.hint(cells[0], contigs.keySet()));
    }
    int start = cells.length < 3 ? -1 : number(cells[1]);
    int end = cells.length < 3 ? -1 : number(cells[2]);
    if (start < 0 || end < start) {
      throw new PipelineException(
          "--regions "
              + file
              + " line "
              + number
              + " is no BED line (contig, start, end with 0 <= start <= end): "
              + line);
    }
    int clipped = Math.min(end, contig.lengthBp());
    if (start < clipped) {
      intervals.add(new Interval(contig.index(), start, clipped));
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Sorted, what touches or overlaps joined. */
  static List<Interval> joined(List<Interval> intervals) {
    List<Interval> sorted = new ArrayList<>(intervals);
    Collections.sort(sorted);
    List<Interval> joined = new ArrayList<>();
    for (Interval next : sorted) {
      Interval last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null
          && last.contigIndex() == next.contigIndex()
          && next.start0() <= last.end0()) {
        int end = Math.max(last.end0(), next.end0());
        joined.set(joined.size() - 1, new Interval(last.contigIndex(), last.start0(), end));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }
}
