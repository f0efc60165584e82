package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.column.PageDecoder;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Reads all of a dataset and compares every checksum, count and position with what is said. */
public final class Verification {
  private static final int READ_BYTES = 1 << 20;

  private final DatasetReader dataset;
  private final LongConsumer progress;
  private final Tally total = new Tally();
  private int lastContig;
  private int lastStart0;

  /**
   * @param progress receives the number of records checked, after each chunk
   */
  public Verification(DatasetReader dataset, LongConsumer progress) {
    this.dataset = dataset;
    this.progress = progress;
  }

  /**
   * Returns when all is sound.
   *
   * @throws CorruptDatasetException at the first object that is not
   */
  public Counts run() throws IOException {
    try (PageDecoder decoder = new PageDecoder()) {
      long records = 0;
      for (StoredChunk chunk : dataset.manifest().chunks()) {
        check(chunk, decoder);
        records += chunk.info().records();
        progress.accept(records);
      }
    }
    Counts counted = total.counts();
    if (!counted.equals(dataset.counts())) {
      throw new CorruptDatasetException(
          dataset.place(), Manifest.KEY, "has counts that are not those of the records");
    }
    return counted;
  }

  private void check(StoredChunk chunk, PageDecoder decoder) throws IOException {
    ChunkInfo info = chunk.info();
    checkDigest(chunk);
    Tally tally = new Tally();
    ChunkExtent extent = new ChunkExtent();
    for (PageRow row : dataset.directory(info)) {
      byte[] stored = dataset.chunkReader().stored(info, row, row);
      dataset.chunkReader().decode(info, row, stored, 0, decoder);
      checkPage(chunk, row, decoder.records(), tally);
      extent.add(row);
    }
    boolean placed = info.contigIndex() >= 0;
    if (!tally.sameKinds(chunk.tally())
        || (placed
            && (extent.minStart0() != info.minStart0()
                || extent.maxEnd0() != info.maxEnd0()
                || extent.maxSpanBp() != info.maxReferenceSpanBp()))) {
      throw corrupt(info, "has other records than the manifest says");
    }
    total.addAll(tally);
  }

  private void checkPage(StoredChunk chunk, PageRow row, byte[] raw, Tally tally)
      throws CorruptDatasetException {
    RecordView record = new RecordView();
    PageSummary summary = new PageSummary();
    for (int at = 0; at < row.rawBytes(); at += record.lengthBytes()) {
      record.moveTo(raw, at, LittleEndian.int32(raw, at) + 4);
      String problem = record.problem();
      if (!problem.isEmpty()) {
        throw corrupt(chunk.info(), "has a record that " + problem);
      }
      tally.add(record);
      summary.add(record);
      if (dataset.isCoordinateSorted()) {
        checkPlace(chunk, record);
      }
    }
    if (!PageRow.of(row.shape(), summary).sameRecords(row)) {
      throw corrupt(chunk.info(), "has other records in the page at byte " + row.offset());
    }
  }

  private void checkPlace(StoredChunk chunk, RecordView record) throws CorruptDatasetException {
    int contig = record.contigIndex();
    int start0 = record.start0();
    int order = Integer.compareUnsigned(contig, lastContig);
    if (contig != chunk.name().contig()
        || order < 0
        || (order == 0 && contig >= 0 && start0 < lastStart0)
        || (contig >= 0 && Math.max(0, start0) / dataset.chunkSpanBp() != chunk.name().window())) {
      throw corrupt(chunk.info(), "has a record that does not belong there: " + record.name());
    }
    lastStart0 = start0;
    lastContig = contig;
  }

  private void checkDigest(StoredChunk chunk) throws IOException {
    ChunkInfo info = chunk.info();
    // size, tail and directory first: they name what is missing or cut
    dataset.chunkReader().directory(chunk);
    MessageDigest digest = Digests.sha256();
    long at = 0;
    while (at < info.sizeBytes()) {
      byte[] part =
          dataset.store().read(info.key(), at, (int) Math.min(READ_BYTES, info.sizeBytes() - at));
      if (part.length == 0) {
        break;
      }
      digest.update(part);
      at += part.length;
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(info.sha256())) {
      throw corrupt(info, "has a wrong SHA-256");
    }
  }

  private CorruptDatasetException corrupt(ChunkInfo info, String problem) {
    return dataset.chunkReader().corrupt(info, problem);
  }
}
