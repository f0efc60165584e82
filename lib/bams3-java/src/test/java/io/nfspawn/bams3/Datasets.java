package io.nfspawn.bams3;

import io.nfspawn.bams3.bam.SamText;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Short ways for tests: convert, print, give back. */
public final class Datasets {
  private Datasets() {}

  public static Path convert(Path input, Path target, int spanBp, int threads) throws IOException {
    WriteOptions options = new WriteOptions(spanBp, threads, Profile.BALANCED, false);
    new Conversion(AlignmentInput.file(input, null), target, options, bytes -> {}).run();
    return target;
  }

  public static Path convert(Path input, Path target) throws IOException {
    return convert(input, target, 1 << 14, 2);
  }

  /** All records of a cursor as SAM lines; closes it. */
  public static String samText(Dataset dataset, RecordCursor records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SamText text = new SamText(dataset.contigs());
    try (records) {
      while (records.next()) {
        text.write(records.record(), out);
      }
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  /** The BAM stream of a dataset, inflated by the JDK. */
  public static byte[] uncompressedBam(Dataset dataset) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    dataset.writeBam(out, 1);
    return new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes();
  }
}
