package io.nfspawn.bams3.legacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.bam.RecordBuilder;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chunk after chunk. */
final class LegacyCursor implements RecordCursor {
  private final Store store;
  private final LegacyMetadata metadata;
  private final ObjectMapper mapper;
  private final Iterator<LegacyMetadata.Chunk> chunks;
  private final Map<String, Integer> contigs;
  private final RecordBuilder builder = new RecordBuilder();
  private final RecordView view = new RecordView();
  private @Nullable ChunkReads reads;
  private long expected;

  /**
   * @param contigs indices by name, without the unplaced reads
   */
  LegacyCursor(
      Store store,
      LegacyMetadata metadata,
      List<LegacyMetadata.Chunk> chunks,
      Map<String, Integer> contigs,
      ObjectMapper mapper) {
    this.store = store;
    this.metadata = metadata;
    this.mapper = mapper;
    this.contigs = contigs;
    this.chunks = chunks.iterator();
  }

  @Override
  public boolean next() throws IOException {
    while (true) {
      if (reads == null) {
        if (!chunks.hasNext()) {
          return false;
        }
        reads = open(chunks.next());
      }
      if (reads.next(view)) {
        return true;
      }
      end(reads);
      reads = null;
    }
  }

  private ChunkReads open(LegacyMetadata.Chunk chunk) throws IOException {
    expected = chunk.reads();
    int contig = contigs.getOrDefault(chunk.contig(), -1);
    ChunkStream stream = ChunkStream.open(store, chunk);
    try {
      return metadata.isBinary()
          ? new BinaryReads(stream, metadata.origin(), contig, builder)
          : new JsonReads(stream, metadata.origin(), contig, builder, mapper);
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  private void end(ChunkReads ended) throws IOException {
    try (ended) {
      ended.stream.verify();
      if (ended.count != expected) {
        throw ended.stream.corrupt("has %d reads, %d expected".formatted(ended.count, expected));
      }
    }
  }

  @Override
  public RecordView record() {
    return view;
  }

  @Override
  public void close() {
    try {
      if (reads != null) {
        reads.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing was written: there is nothing to lose
    }
  }
}
