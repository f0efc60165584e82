package io.nfspawn.bams3.convert;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** What a file is by its first bytes. */
enum InputKind {
  BAM,
  SAM,
  CRAM,
  EMPTY,
  OTHER;

  private static final Pattern HEADER_LINE = Pattern.compile("@(HD|SQ|RG|PG|CO)\t.*");
  private static final int MANDATORY_FIELDS = 11;

  static InputKind of(byte[] start) {
    if (start.length == 0) {
      return EMPTY;
    }
    if (start.length >= 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b) {
      return ofInflated(inflate(start));
    }
    return startsWith(start, "CRAM") ? CRAM : isSam(start) ? SAM : OTHER;
  }

  /** A damaged first block is the business of whoever reads the BAM: it names the block. */
  private static InputKind ofInflated(byte[] inflated) {
    if (inflated.length == 0 || startsWith(inflated, "BAM\1")) {
      return BAM;
    }
    return isSam(inflated) ? SAM : OTHER;
  }

  private static byte[] inflate(byte[] start) {
    byte[] inflated = new byte[4096];
    int filled = 0;
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(start))) {
      for (int step; filled < inflated.length; filled += step) {
        step = gzip.read(inflated, filled, inflated.length - filled);
        if (step < 0) {
          break;
        }
      }
    } catch (IOException e) {
      // cut at the end of what was looked at, or damaged: what is there must do
    }
    return Arrays.copyOf(inflated, filled);
  }

  private static boolean startsWith(byte[] bytes, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= wanted.length
        && Arrays.equals(bytes, 0, wanted.length, wanted, 0, wanted.length);
  }

  private static boolean isSam(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    if (line.startsWith("@")) {
      return HEADER_LINE.matcher(line.stripTrailing()).matches();
    }
    String[] fields = line.split("\t", -1);
    return fields.length >= MANDATORY_FIELDS && fields[1].matches("[0-9]+|0x[0-9A-Fa-f]+");
  }
}
