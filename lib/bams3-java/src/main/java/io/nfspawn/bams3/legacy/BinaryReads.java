package io.nfspawn.bams3.legacy;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.bam.RecordBuilder;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads of version 0.2. The field for the number of bases has 16 bits and was written modulo
 * 65,536, though all bases are there; and an absent quality is one {@code *} whatever the bases. So
 * the lengths are those for which everything ends where the read ends.
 */
final class BinaryReads extends ChunkReads {
  static final int MAGIC = 0x42414D33;
  static final int VERSION = 0x0200;
  static final int CHUNK_HEADER_BYTES = 16;
  static final int READ_HEADER_BYTES = 12;

  /** Contig, start, mapping quality, flag. */
  static final int PLACE_BYTES = 11;

  private static final int CONSUMES_READ = 1 | 1 << 1 | 1 << 4 | 1 << 7 | 1 << 8;
  private static final byte[] LETTERS =
      "NACNGNNNTNNNNNNN".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final long expected;
  private byte[] read = new byte[1 << 12];
  private byte[] letters = new byte[1 << 10];

  BinaryReads(ChunkStream stream, Origin origin, int contigIndex, RecordBuilder builder)
      throws IOException {
    super(stream, origin, contigIndex, builder);
    byte[] header = stream.readNBytes(CHUNK_HEADER_BYTES);
    if (header.length < CHUNK_HEADER_BYTES || LittleEndian.int32(header, 0) != MAGIC) {
      throw stream.corrupt("is no chunk of version 0.2: it does not start with 33 4d 41 42");
    }
    int version = LittleEndian.uint16(header, 4);
    if (version != VERSION) {
      throw stream.corrupt("has version %#06x, 0x0200 expected".formatted(version));
    }
    expected = LittleEndian.int32(header, 8) & 0xffffffffL;
  }

  @Override
  boolean next(RecordView view) throws IOException {
    if (count == expected) {
      return false;
    }
    int size = load();
    int name = LittleEndian.uint16(read, 4);
    int operations = LittleEndian.uint16(read, 8);
    int at = READ_HEADER_BYTES + name;
    int cigar = at + PLACE_BYTES;
    int bases = cigar + 4 * operations;
    if (bases > size || name > 254) {
      throw corruptRead("does not fit its size of %d bytes".formatted(size));
    }
    builder.start(read, READ_HEADER_BYTES, name);
    place(
        LittleEndian.uint16(read, at + 9),
        LittleEndian.int32(read, at),
        LittleEndian.int32(read, at + 4),
        read[at + 8] & 0xff);
    long readBases = 0;
    for (int i = 0; i < operations; i++) {
      int operation = LittleEndian.int32(read, cigar + 4 * i);
      builder.addOperation(operation);
      readBases += (CONSUMES_READ >> (operation & 0xf) & 1) != 0 ? operation >>> 4 : 0;
    }
    basesAndTags(bases, size, operations == 0 ? -1 : readBases);
    builder.finish(view);
    count++;
    return true;
  }

  /** Reads the bytes of one read; returns how many. */
  private int load() throws IOException {
    int head = stream.readNBytes(read, 0, READ_HEADER_BYTES);
    int size = LittleEndian.int32(read, 0);
    if (head < READ_HEADER_BYTES || size < READ_HEADER_BYTES) {
      throw corruptRead("is cut or says it has %d bytes".formatted(head == 0 ? 0 : size));
    }
    int filled = READ_HEADER_BYTES;
    while (filled < size) {
      if (filled == read.length) {
        read = Arrays.copyOf(read, (int) Math.min(size, 2L * filled));
      }
      int step = stream.readNBytes(read, filled, Math.min(size, read.length) - filled);
      if (step == 0) {
        throw corruptRead("is cut: %d of %d bytes are there".formatted(filled, size));
      }
      filled += step;
    }
    return size;
  }

  /**
   * @param cigarBases bases that the CIGAR wants; -1 without one
   */
  private void basesAndTags(int at, int size, long cigarBases) throws IOException {
    int counted = LittleEndian.uint16(read, 6);
    for (long bases = counted; at + (bases + 1) / 2 <= size; bases += 1 << 16) {
      boolean plausible = cigarBases < 0 || bases == 0 || bases == cigarBases;
      for (long qualities : new long[] {bases, 1}) {
        long tags = at + (bases + 1) / 2 + qualities;
        boolean absent = qualities != bases;
        if (plausible
            && tags <= size
            && (!absent || read[(int) tags - 1] == '*')
            && tagsEndAt(size, (int) tags)) {
          put(at, (int) bases, absent);
          putTags(size, (int) tags);
          return;
        }
      }
    }
    throw corruptRead("does not fit its size of %d bytes with %d bases".formatted(size, counted));
  }

  private void put(int at, int bases, boolean qualitiesAbsent) {
    int printed = at + (bases + 1) / 2;
    if (bases == 1 && origin == Origin.GO_STREAM && read[at] == 0 && read[printed] == '*') {
      return; // the bases were a star, too
    }
    if (letters.length < bases) {
      letters = new byte[2 * bases];
    }
    for (int i = 0; i < bases; i++) {
      int pair = read[at + i / 2];
      letters[i] = LETTERS[(i % 2 == 0 ? pair >> 4 : pair) & 0xf];
    }
    builder.bases(letters, 0, bases);
    if (qualitiesAbsent) {
      builder.noQualities();
    } else {
      builder.printedQualities(read, printed);
    }
  }

  private boolean tagsEndAt(int size, int from) {
    int at = from;
    for (int i = LittleEndian.uint16(read, 10); i > 0; i--) {
      int end = tagEnd(at, size);
      if (end < 0) {
        return false;
      }
      at = end;
    }
    return at == size;
  }

  /** Behind the NUL of the tag at an offset; -1 when there is none. */
  private int tagEnd(int at, int size) {
    if (at + 4 > size || read[at + 2] != 'Z') {
      return -1;
    }
    for (int end = at + 3; end < size; end++) {
      if (read[end] == 0) {
        return end + 1;
      }
    }
    return -1;
  }

  private void putTags(int size, int from) {
    int end;
    for (int at = from; at < size; at = end) {
      end = tagEnd(at, size);
      builder.textTag(read[at], read[at + 1], read, at + 3, end - at - 4);
    }
  }
}
