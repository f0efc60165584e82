package io.nfspawn.pipeline.reference;

import io.nfspawn.pipeline.PipelineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@code .fai} says: where each contig's bases lie in the uncompressed FASTA.
 *
 * @param contigs by name, in the order of the file
 */
record FastaIndex(Map<String, Entry> contigs) {

  /**
   * One line of the index (faidx(5)).
   *
   * @param lengthBp bases of the contig
   * @param offset of its first base in the uncompressed file
   * @param lineBases bases on each line
   * @param lineWidth bytes of each line, line end included
   */
  record Entry(int lengthBp, long offset, int lineBases, int lineWidth) {

    /** Offset of base {@code position0} in the uncompressed file. */
    long offsetOf(int position0) {
      return offset + (long) (position0 / lineBases) * lineWidth + position0 % lineBases;
    }
  }

  static FastaIndex read(Path fai) throws IOException {
    Map<String, Entry> contigs = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(fai, StandardCharsets.UTF_8)) {
      number++;
      String[] cells = line.split("\t", -1);
      try {
        contigs.put(
            cells[0],
            new Entry(
                Integer.parseInt(cells[1]),
                Long.parseLong(cells[2]),
                Integer.parseInt(cells[3]),
                Integer.parseInt(cells[4])));
      } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
        throw new PipelineException(
            fai
                + " line "
                + number
                + " is no line of a FASTA index; remove the file and it is made anew",
            e);
      }
    }
    return new FastaIndex(contigs);
  }
}
