package io.nfspawn.bams3.simulate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** Writes the reference as FASTA with its index, whose columns are those of samtools faidx. */
final class ReferenceFasta {
  private static final int LINE_BP = 60;

  private ReferenceFasta() {}

  static void write(List<ReferenceContig> contigs, DataSet files) throws IOException {
    StringBuilder index = new StringBuilder();
    long offset = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(files.fasta()))) {
      for (ReferenceContig contig : contigs) {
        byte[] title = (">" + contig.name() + "\n").getBytes(StandardCharsets.US_ASCII);
        out.write(title);
        offset += title.length;
        index.append(contig.name()).append('\t').append(contig.lengthBp()).append('\t');
        index.append(offset).append("\t" + LINE_BP + "\t" + (LINE_BP + 1) + "\n");
        offset += writeLines(contig.bases(), out);
      }
    }
    Files.writeString(files.fastaIndex(), index, StandardCharsets.US_ASCII);
  }

  private static long writeLines(byte[] bases, OutputStream out) throws IOException {
    long written = 0;
    for (int at = 0; at < bases.length; at += LINE_BP) {
      int lengthBp = Math.min(LINE_BP, bases.length - at);
      out.write(bases, at, lengthBp);
      out.write('\n');
      written += lengthBp + 1;
    }
    return written;
  }
}
