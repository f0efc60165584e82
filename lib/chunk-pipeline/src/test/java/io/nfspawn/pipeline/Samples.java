package io.nfspawn.pipeline;

import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Small alignments and references made in code. */
public final class Samples {
  private static final int READ_BP = 50;

  private Samples() {}

  /** Converts an alignment file; the dataset lies beside it. */
  public static Path dataset(Path alignment) throws IOException {
    Path target = alignment.resolveSibling(alignment.getFileName() + ".bams3");
    new Conversion(AlignmentInput.file(alignment, null), target, WriteOptions.DEFAULT, bytes -> {})
        .run();
    return target;
  }

  /** As {@link #dataset(Path)}, of SAM text. */
  public static Path dataset(Path directory, String name, String sam) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, sam, StandardCharsets.UTF_8);
    return dataset(file);
  }

  /** One record of 50 matching bases; {@code pos1} is 1-based. */
  public static String record(String name, int flag, String contig, int pos1) {
    return record(name, flag, contig, pos1, READ_BP + "M");
  }

  public static String record(String name, int flag, String contig, int pos1, String cigar) {
    return String.join(
            "\t",
            name,
            "" + flag,
            contig,
            "" + pos1,
            "60",
            cigar,
            "*",
            "0",
            "0",
            "ACGTA".repeat(READ_BP / 5),
            "I".repeat(READ_BP))
        + "\n";
  }

  public static String header(String... contigsAndLengths) {
    StringBuilder header = new StringBuilder("@HD\tVN:1.6\tSO:coordinate\n");
    for (int i = 0; i < contigsAndLengths.length; i += 2) {
      header.append(
          "@SQ\tSN:%s\tLN:%s%n".formatted(contigsAndLengths[i], contigsAndLengths[i + 1]));
    }
    return header.toString();
  }

  /** A FASTA of random bases, 60 a line; its index is not made. */
  public static Path fasta(Path directory, String... contigsAndLengths) throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < contigsAndLengths.length; i += 2) {
      text.append('>').append(contigsAndLengths[i]).append('\n');
      int length = Integer.parseInt(contigsAndLengths[i + 1]);
      for (int at = 0; at < length; at++) {
        text.append("ACGT".charAt(random.nextInt(4)));
        if (at % 60 == 59 || at == length - 1) {
          text.append('\n');
        }
      }
    }
    Path file = directory.resolve("reference.fa");
    Files.writeString(file, text);
    return file;
  }
}
