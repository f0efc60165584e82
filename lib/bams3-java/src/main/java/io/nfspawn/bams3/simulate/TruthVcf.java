package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMSequenceDictionary;
import htsjdk.samtools.SAMSequenceRecord;
import htsjdk.samtools.util.BlockCompressedOutputStream;
import htsjdk.tribble.SimpleFeature;
import htsjdk.tribble.index.tabix.TabixFormat;
import htsjdk.tribble.index.tabix.TabixIndexCreator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** Writes the simulated person's variants: phased genotypes, BGZF, with a tabix index. */
final class TruthVcf {
  private TruthVcf() {}

  static void write(
      List<ReferenceContig> contigs,
      List<List<Variant>> variants,
      SimulationOptions options,
      DataSet files)
      throws IOException {
    SAMSequenceDictionary dictionary = new SAMSequenceDictionary();
    contigs.forEach(c -> dictionary.addSequence(new SAMSequenceRecord(c.name(), c.lengthBp())));
    TabixIndexCreator index = new TabixIndexCreator(dictionary, TabixFormat.VCF);
    try (BlockCompressedOutputStream out =
        new BlockCompressedOutputStream(
            Files.newOutputStream(files.truthVcf()), files.truthVcf())) {
      out.write(header(contigs, options).getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < contigs.size(); i++) {
        for (Variant variant : variants.get(i)) {
          String contig = contigs.get(i).name();
          index.addFeature(
              new SimpleFeature(contig, variant.position() + 1, variant.end()),
              out.getFilePointer());
          out.write(line(contig, variant).getBytes(StandardCharsets.US_ASCII));
        }
      }
      out.flush();
      index.finalizeIndex(out.getFilePointer()).write(files.truthIndex());
    }
  }

  private static String header(List<ReferenceContig> contigs, SimulationOptions options) {
    StringBuilder header = new StringBuilder("##fileformat=VCFv4.2\n");
    header.append("##FILTER=<ID=PASS,Description=\"All filters passed\">\n");
    header.append("##source=").append(options.commandLine()).append('\n');
    header.append("##reference=reference.fa\n");
    for (ReferenceContig contig : contigs) {
      header.append("##contig=<ID=").append(contig.name());
      header.append(",length=").append(contig.lengthBp()).append(">\n");
    }
    header.append("##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Phased genotype\">\n");
    header.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t");
    return header.append(options.sample()).append('\n').toString();
  }

  private static String line(String contig, Variant variant) {
    return String.join(
            "\t",
            contig,
            Integer.toString(variant.position() + 1),
            ".",
            variant.reference(),
            variant.alternate(),
            ".",
            "PASS",
            ".",
            "GT",
            variant.genotype())
        + "\n";
  }
}
