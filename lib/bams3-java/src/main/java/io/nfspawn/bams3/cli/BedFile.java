package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Interval;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Intervals of a BED file, or positions (1-based) where a line has two columns only, as samtools
 * takes them. Contigs that the dataset lacks have no records in it and are passed over.
 */
final class BedFile {
  private BedFile() {}

  static List<Interval> read(Path file, Dataset dataset) throws IOException {
    List<Interval> intervals = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank() && !line.matches("(#|track\\s|browser\\s).*")) {
          interval(file, number, line, dataset).ifPresent(intervals::add);
        }
      }
    } catch (NoSuchFileException e) {
      throw new Bams3Exception(file + ": there is no such BED file; check the path", e);
    }
    return intervals;
  }

  private static Optional<Interval> interval(Path file, int number, String line, Dataset dataset)
      throws Bams3Exception {
    String[] fields = line.strip().split("\\s+", -1);
    try {
      int first = Integer.parseInt(fields[1]);
      int start0 = fields.length == 2 ? first - 1 : first;
      int end0 = fields.length == 2 ? first : Integer.parseInt(fields[2]);
      Optional<Contig> contig = dataset.contig(fields[0]);
      return contig.map(known -> new Interval(known.index(), start0, end0));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new Bams3Exception(
          "%s: line %d is not a BED interval (CONTIG START END): %s; correct it"
              .formatted(file, number, line),
          e);
    }
  }
}
