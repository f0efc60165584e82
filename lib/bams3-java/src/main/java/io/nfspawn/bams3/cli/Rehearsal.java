package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.bam.BgzfOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Every everyday command once, on a handful of records: run while the plugin is built, with {@code
 * -XX:ArchiveClassesAtExit}, so that the archive holds what {@code bams3} loads. Then, with {@code
 * short}, in the same directory those alone that are over soon, for a cache of their own. Exit
 * status 0 when all of them worked.
 *
 * <pre>{@code
 * java -XX:ArchiveClassesAtExit=FILE -cp 'tools/lib/*' …bams3.cli.Rehearsal DIRECTORY
 * java -XX:AOTCacheOutput=FILE -cp 'tools/lib/*' …bams3.cli.Rehearsal DIRECTORY short
 * }</pre>
 */
public final class Rehearsal {
  private static final int PAIRS = 32;
  private static final int CONTIG_BP = 100_000;
  private static final int READ_BP = 100;
  private static final int COMMENT_BYTES = 1 << 11;
  private static final int PAIRED_PROPER = 0x3;
  private static final int MATE_REVERSE_FIRST = 0x60;
  private static final int REVERSE_LAST = 0x90;

  private Rehearsal() {}

  /**
   * @param args a directory for its files, which whoever made it removes; {@code short} after it
   */
  public static void main(String[] args) throws IOException {
    System.exit(run(Path.of(args[0]), List.of(args).contains("short")));
  }

  static int run(Path directory, boolean onlyShort) throws IOException {
    String bam = directory.resolve("rehearsal.bam").toString();
    String dataset = directory.resolve("rehearsal.bams3").toString();
    if (!onlyShort) {
      writeBam(Path.of(bam));
      int status =
          run(
              List.of(
                  List.of("convert", bam, dataset),
                  List.of("query", "--count", "-F", "4", dataset, "c:1-5000"),
                  List.of("query", "-O", "bam", "-o", bam + ".part", dataset, "c"),
                  List.of("to-bam", dataset, bam + ".copy"),
                  List.of("head", dataset),
                  List.of("verify", dataset)));
      if (status != 0) {
        return status;
      }
    }
    return run(
        List.of(
            List.of("query", dataset, "c:1-5000"),
            List.of("query", "--count", dataset, "c:1-5000"),
            List.of("stats", dataset),
            List.of("stats", "--scan", dataset),
            List.of("depth", dataset, "c:1-200")));
  }

  private static int run(List<List<String>> commands) {
    for (List<String> command : commands) {
      int status = Bams3Command.run(command.toArray(String[]::new));
      if (status != 0) {
        return status;
      }
    }
    return 0;
  }

  private static void writeBam(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        BgzfOutput bgzf = new BgzfOutput(out, 1)) {
      bgzf.write(head());
      for (int pair = 0; pair < PAIRS; pair++) {
        int start0 = 100 * pair;
        bgzf.write(read(pair, PAIRED_PROPER | MATE_REVERSE_FIRST, start0, start0 + 20, 120));
        bgzf.write(read(pair, PAIRED_PROPER | REVERSE_LAST, start0 + 20, start0, -120));
      }
      bgzf.finish();
    }
  }

  /** With a comment of random digits: a real header is long even when it is compressed. */
  private static byte[] head() {
    byte[] random = new byte[COMMENT_BYTES];
    new Random(1).nextBytes(random);
    byte[] text =
        "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:c\tLN:%d\n@RG\tID:r\tSM:s\n@CO\t%s\n"
            .formatted(CONTIG_BP, HexFormat.of().formatHex(random))
            .getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[text.length + 22];
    ByteBuffer head = little(bytes);
    head.put("BAM\1".getBytes(StandardCharsets.ISO_8859_1)).putInt(text.length).put(text);
    head.putInt(1).putInt(2).put("c\0".getBytes(StandardCharsets.US_ASCII)).putInt(CONTIG_BP);
    return bytes;
  }

  /** A record without differences, fields in the order of the SAM specification, section 4.2. */
  private static byte[] read(int pair, int flag, int start0, int mate0, int template) {
    byte[] name = "m:1:%d:7\0".formatted(1000 + pair).getBytes(StandardCharsets.US_ASCII);
    byte[] tags = ("RGZr\0MDZ" + READ_BP + "\0NMC\0").getBytes(StandardCharsets.US_ASCII);
    int length = 32 + name.length + 4 + READ_BP / 2 + READ_BP + tags.length;
    byte[] bytes = new byte[4 + length];
    ByteBuffer record = little(bytes).putInt(length).putInt(0).putInt(start0);
    record.put((byte) name.length).put((byte) 60).putShort((short) 4681).putShort((short) 1);
    record.putShort((short) flag).putInt(READ_BP).putInt(0).putInt(mate0).putInt(template);
    record.put(name).putInt(READ_BP << 4);
    for (int i = 0; i < READ_BP / 2; i++) {
      record.put((byte) 0x12);
    }
    for (int i = 0; i < READ_BP; i++) {
      record.put((byte) (30 + (i + pair) % 8));
    }
    record.put(tags);
    return bytes;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
