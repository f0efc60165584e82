package io.nfspawn.vcfmerge;

import io.nfspawn.vcfmerge.bgzf.BgzfReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Reads one VCF: the header's lines at once, then windows of whole record lines in {@code
 * buffer()[from(), end())}. Problems of the text become {@link InvalidChunkException}. One thread.
 */
final class VcfText implements AutoCloseable {
  private static final String MAGIC = "##fileformat=VCF";

  private final String source;
  private final InputStream in;
  private final LineWindows lines;
  private final List<String> headerLines = new ArrayList<>();
  private int from;
  private boolean pending;

  private VcfText(String source, InputStream in) {
    this.source = source;
    this.in = in;
    this.lines = new LineWindows(in);
  }

  /** Opens the source and reads its header. */
  static VcfText open(VcfSource vcf) throws IOException {
    try {
      VcfText text = new VcfText(vcf.name(), BgzfReader.uncompressed(vcf.open()));
      try {
        text.readHeader();
        return text;
      } catch (IOException e) {
        text.in.close();
        throw e;
      }
    } catch (IOException e) {
      throw explained(vcf.name(), e);
    }
  }

  /** Without newlines, as ISO-8859-1; ends with {@code #CHROM}. */
  List<String> headerLines() {
    return headerLines;
  }

  byte[] buffer() {
    return lines.buffer();
  }

  int from() {
    return from;
  }

  int end() {
    return lines.end();
  }

  /** Moves to the next window of records; false at the end. */
  boolean next() throws IOException {
    try {
      if (pending) {
        pending = false;
        return from < lines.end() || next();
      }
      from = 0;
      return lines.next();
    } catch (IOException e) {
      throw explained(source, e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void readHeader() throws IOException {
    while (nextHeaderWindow()) {
      while (from < lines.end()) {
        String line = lineAt(from);
        from += line.length() + 1;
        headerLines.add(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        if (!line.startsWith("##")) {
          requireColumns(line);
          pending = true;
          return;
        }
      }
    }
    throw new InvalidChunkException(
        source, headerLines.isEmpty() ? "is empty, expected a VCF" : "has no #CHROM line");
  }

  private boolean nextHeaderWindow() throws IOException {
    from = 0;
    boolean first = headerLines.isEmpty();
    boolean more;
    try {
      more = lines.next();
    } catch (EOFException e) {
      // Binary input rarely has a newline: say what it is rather than that a line is not ended.
      if (first) {
        requireMagic(new String(lines.buffer(), 0, MAGIC.length(), StandardCharsets.ISO_8859_1));
      }
      throw e;
    }
    if (first && more) {
      requireMagic(lineAt(0));
    }
    return more;
  }

  private void requireMagic(String start) throws InvalidChunkException {
    if (start.startsWith(MAGIC)) {
      return;
    }
    if (start.startsWith("BCF")) {
      throw new InvalidChunkException(source, "is BCF; convert it with bcftools view -O z");
    }
    String shown =
        start
            .substring(0, Math.min(start.length(), 30))
            .replaceFirst("\0+$", "")
            .replaceAll("[^ -~]", "?");
    throw new InvalidChunkException(
        source, "is not a VCF: begins with '" + shown + "', expected '" + MAGIC + "'");
  }

  private void requireColumns(String line) throws InvalidChunkException {
    if (!line.startsWith("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")) {
      String shown = line.substring(0, Math.min(line.length(), 60));
      throw new InvalidChunkException(
          source, "has '" + shown + "' where the #CHROM line is expected");
    }
  }

  private String lineAt(int start) {
    int newline = start;
    while (lines.buffer()[newline] != '\n') {
      newline++;
    }
    return new String(lines.buffer(), start, newline - start, StandardCharsets.ISO_8859_1);
  }

  private static IOException explained(String source, IOException e) {
    if (e instanceof InvalidChunkException) {
      return e;
    }
    if (e instanceof NoSuchFileException) {
      return new InvalidChunkException(source, "does not exist", e);
    }
    if (e instanceof AccessDeniedException) {
      return new InvalidChunkException(source, "cannot be read: permission denied", e);
    }
    if (e instanceof EOFException) {
      return new InvalidChunkException(
          source, "is cut off: " + e.getMessage() + "; call it again", e);
    }
    if (e instanceof ZipException) {
      return new InvalidChunkException(
          source, "is damaged: " + e.getMessage() + "; call it again", e);
    }
    return new InvalidChunkException(source, "cannot be read: " + e.getMessage(), e);
  }
}
