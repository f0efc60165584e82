package io.nfspawn.bams3.sort;

import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.bam.BamHeader;
import io.nfspawn.bams3.bam.BamHeaderBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The header of sorted records: as {@code samtools sort --no-PG} makes it of the original. */
public final class SortedHeader {
  private static final String ORDER = "SO:coordinate";

  private SortedHeader() {}

  /** The uncompressed head of a BAM file that says SO:coordinate, and nothing of groups. */
  public static byte[] of(BamHeader header) {
    BamHeaderBuilder sorted = new BamHeaderBuilder();
    for (Contig contig : header.contigs()) {
      sorted.addContig(contig.name(), contig.lengthBp());
    }
    // one letter a byte: text that is no UTF-8 must come out as it went in
    String text = new String(header.printedText(), StandardCharsets.ISO_8859_1);
    return sorted.build(rewritten(text).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The line @HD comes first wherever it was, and loses what spoke of another order. */
  private static String rewritten(String text) {
    int at = text.startsWith("@HD\t") ? 0 : text.indexOf("\n@HD\t") + 1;
    if (at == 0 && !text.startsWith("@HD\t")) {
      return "@HD\tVN:1.6\t" + ORDER + "\n" + text;
    }
    int end = text.indexOf('\n', at) + 1;
    return firstLine(text.substring(at, end - 1)) + text.substring(0, at) + text.substring(end);
  }

  private static String firstLine(String line) {
    List<String> fields = new ArrayList<>();
    boolean ordered = false;
    for (String field : line.split("\t", -1)) {
      if (field.startsWith("SO:")) {
        fields.add(ORDER);
        ordered = true;
      } else if (!field.startsWith("GO:") && !field.startsWith("SS:")) {
        fields.add(field);
      }
    }
    if (!ordered) {
      fields.add(ORDER);
    }
    return String.join("\t", fields) + "\n";
  }
}
