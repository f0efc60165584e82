package io.nfspawn.bams3.legacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.DatasetWriter;
import io.nfspawn.bams3.RecordException;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.bam.BamHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes version 0.2, for tools that read nothing else: what {@link Loss} lists is lost. Records
 * must come in coordinate order, since a chunk is written whole and its reads are held until then.
 * Owned by one thread; nothing is visible under the target before {@link #publish()}.
 */
public final class LegacyWriter implements DatasetWriter {
  private static final int ZSTD_LEVEL = 3;
  private static final int NO_WINDOW = Integer.MIN_VALUE;

  private final LegacyTarget target;
  private final List<Contig> contigs;
  private final int spanBp;
  private final LegacyDocuments documents;
  private final LegacyChunkBuffer buffer = new LegacyChunkBuffer();
  private final RecordView view = new RecordView();
  private int contig = NO_WINDOW;
  private int window;
  private int lastStart0;
  private long records;
  private boolean published;

  private LegacyWriter(LegacyTarget target, BamHeader header, int spanBp, Clock clock) {
    this.target = target;
    this.contigs = header.contigs();
    this.spanBp = spanBp;
    this.documents = new LegacyDocuments(header, spanBp, clock.instant());
    buffer.clear();
  }

  /**
   * Starts a dataset.
   *
   * @param bamHeader the uncompressed head of a BAM file
   * @param source what the metadata name as the converted file
   * @param spanBp the Go tool itself writes powers of two from 256 Ki to 8 Mi
   * @param clock the format wants to know when it was written
   */
  public static LegacyWriter create(
      Path directory, byte[] bamHeader, String source, int spanBp, boolean replace, Clock clock)
      throws IOException {
    BamHeader header = BamHeader.parse(bamHeader, source);
    LegacyTarget target = LegacyTarget.begin(directory, replace);
    LegacyWriter writer = new LegacyWriter(target, header, spanBp, clock);
    writer.documents.source(source);
    return writer;
  }

  @Override
  public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
    view.moveTo(bytes, offset, lengthBytes);
    String problem = view.problem();
    if (!problem.isEmpty()) {
      throw new RecordException(records + 1, problem + ": the file is damaged; get another copy");
    }
    int at = view.contigIndex();
    int start0 = view.start0();
    requireOrder(at, start0);
    int wanted = at < 0 ? 0 : Math.max(0, start0) / spanBp;
    if (at != contig || wanted != window) {
      endChunk();
      startChunk(at, wanted);
    }
    lastStart0 = start0;
    buffer.add(view, records + 1);
    documents.count(view);
    records++;
  }

  private void requireOrder(int at, int start0) throws RecordException {
    if (at >= contigs.size()) {
      throw new RecordException(
          records + 1,
          "lies on contig %d, but the header has %d contigs: the file is damaged"
              .formatted(at, contigs.size()));
    }
    boolean before =
        contig != NO_WINDOW
            && (Integer.compareUnsigned(at, contig) < 0
                || (at == contig && at >= 0 && start0 < lastStart0));
    if (before) {
      throw new RecordException(
          records + 1,
          "is not in coordinate order, which format 0.2 needs; add --sort to sort on the way");
    }
  }

  private void startChunk(int at, int wanted) throws RecordException {
    if (at >= 0) {
      String name = contigs.get(at).name();
      boolean unfit = name.contains(":") || name.contains("/") || name.startsWith(".");
      if (unfit || name.equals(LegacyMetadata.UNMAPPED)) {
        throw new RecordException(
            records + 1,
            "lies on %s, a name that format 0.2 cannot hold; write the current format instead"
                .formatted(name));
      }
    }
    contig = at;
    window = wanted;
    buffer.clear();
  }

  private void endChunk() throws IOException {
    if (buffer.reads() == 0) {
      return;
    }
    String name = contig < 0 ? LegacyMetadata.UNMAPPED : contigs.get(contig).name();
    long start0 = contig < 0 ? 0 : (long) window * spanBp;
    long end0 = contig < 0 ? 0 : start0 + spanBp;
    String key =
        contig < 0
            ? "data/unmapped.chunk"
            : "data/%s/%09d-%09d.chunk".formatted(name, start0, end0);
    MessageDigest digest = sha256();
    try (OutputStream file = target.create(key)) {
      CountedStream counted = new CountedStream(new DigestOutputStream(file, digest));
      try (ZstdOutputStream zstd = new ZstdOutputStream(counted, ZSTD_LEVEL)) {
        buffer.writeTo(zstd);
      }
      documents.chunk(
          key,
          name,
          start0,
          end0,
          buffer.reads(),
          counted.count,
          HexFormat.of().formatHex(digest.digest()));
    } catch (FileSystemException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public long records() {
    return records;
  }

  @Override
  public void publish() throws IOException {
    endChunk();
    ObjectMapper mapper = new ObjectMapper();
    try {
      for (var document : documents.all(mapper).entrySet()) {
        try (OutputStream out = target.create(document.getKey())) {
          out.write(mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(document.getValue()));
        }
      }
      target.publish();
    } catch (FileSystemException e) {
      throw cannotWrite(e);
    }
    published = true;
  }

  private Bams3Exception cannotWrite(FileSystemException e) {
    String reason = e.getReason() != null ? e.getReason() : String.valueOf(e.getMessage());
    return new Bams3Exception(
        "cannot write below %s: %s; free space there or choose another target"
            .formatted(target.place(), reason),
        e);
  }

  @Override
  public void close() throws IOException {
    if (!published) {
      target.abandon();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Counts what goes through. */
  private static final class CountedStream extends OutputStream {
    private final OutputStream out;
    private long count;

    CountedStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
      out.write(bytes, offset, lengthBytes);
      count += lengthBytes;
    }
  }
}
