package io.nfspawn.pipeline.caller;

import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.WorkItem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads what a caller printed: splits header from records, keeps the records whose POS lies in the
 * core, and moves POS where the caller saw only a window of the contig. Bytes other than POS stay.
 */
final class CallText {
  private static final byte[] COLUMNS = "#CHROM\t".getBytes(StandardCharsets.US_ASCII);

  private final byte[] text;
  private int at;

  private CallText(byte[] text) {
    this.text = text;
  }

  /**
   * @param text one char a byte
   * @param contig name that column CHROM must hold
   * @param offsetBp added to each POS
   * @throws NotVcfException when it is not VCF, with what is wrong
   */
  static Calls read(String text, WorkItem item, String contig, int offsetBp)
      throws NotVcfException {
    return new CallText(Latin1.bytes(text))
        .calls(item, contig.getBytes(StandardCharsets.UTF_8), offsetBp);
  }

  private Calls calls(WorkItem item, byte[] contig, int offsetBp) throws NotVcfException {
    String header = header();
    ByteArrayOutputStream body = new ByteArrayOutputStream(text.length);
    int records = 0;
    while (at < text.length) {
      int start = at;
      int end = lineEnd();
      int chromEnd = start + contig.length;
      if (!startsWith(start, contig) || chromEnd >= end || text[chromEnd] != '\t') {
        throw notARecord(start, end);
      }
      int posEnd = chromEnd + 1;
      long position = 0;
      while (posEnd < end && text[posEnd] >= '0' && text[posEnd] <= '9') {
        position = position * 10 + text[posEnd++] - '0';
      }
      if (posEnd == chromEnd + 1 || posEnd == end || text[posEnd] != '\t') {
        throw notARecord(start, end);
      }
      long pos = position + offsetBp;
      if (pos > item.core().start0() && pos <= item.core().end0()) {
        body.write(text, start, chromEnd + 1 - start);
        body.writeBytes(Long.toString(pos).getBytes(StandardCharsets.US_ASCII));
        body.write(text, posEnd, end - posEnd);
        body.write('\n');
        records++;
      }
      at = end + 1;
    }
    return new Calls(header, body.toString(StandardCharsets.ISO_8859_1), records);
  }

  /** Lines up to and with the one that names the columns. */
  private String header() throws NotVcfException {
    while (at < text.length && text[at] == '#') {
      boolean columns = startsWith(at, COLUMNS);
      at = lineEnd() + 1;
      if (columns) {
        return new String(text, 0, at, StandardCharsets.ISO_8859_1);
      }
    }
    if (text.length == 0) {
      throw new NotVcfException("it printed nothing; expected VCF on its standard output");
    }
    throw new NotVcfException(
        "its output is no VCF: no #CHROM line before '" + preview(at, text.length) + "'");
  }

  private boolean startsWith(int start, byte[] prefix) {
    return start + prefix.length <= text.length
        && java.util.Arrays.equals(text, start, start + prefix.length, prefix, 0, prefix.length);
  }

  private int lineEnd() throws NotVcfException {
    for (int i = at; i < text.length; i++) {
      if (text[i] == '\n') {
        return i;
      }
    }
    throw new NotVcfException("its output ends inside a line: '" + preview(at, text.length) + "'");
  }

  private NotVcfException notARecord(int start, int end) {
    return new NotVcfException(
        "its output has a line that is no record of this contig: '" + preview(start, end) + "'");
  }

  private String preview(int start, int end) {
    int from = Math.min(start, text.length);
    String line = new String(text, from, Math.min(end - from, 60), StandardCharsets.UTF_8);
    return line.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
  }

  /**
   * @param header up to and with the {@code #CHROM} line
   * @param body kept records
   * @param records number of them
   */
  record Calls(String header, String body, int records) {}

  /** What a program printed is no VCF. */
  static final class NotVcfException extends Exception {
    NotVcfException(String message) {
      super(message);
    }
  }
}
