package io.nfspawn.bams3.legacy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.DatasetOpenException;
import io.nfspawn.bams3.DatasetOpenException.Reason;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.bam.BamHeader;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A dataset of version 0.1 or 0.2, open for reading. Gives what is in it and says what is not;
 * nothing is made up. Immutable; any number of cursors may be open at once. The caller closes it,
 * and with it the store.
 *
 * <pre>{@code
 * try (LegacyDataset old = LegacyDataset.open(new DirectoryStore(Path.of("old.bams3")));
 *     RecordCursor records = old.records()) {
 *   old.losses().forEach(System.err::println);
 *   while (records.next()) {
 *     RecordView record = records.record();
 *     writer.write(record.buffer(), record.offset(), record.lengthBytes());
 *   }
 * }
 * }</pre>
 */
public final class LegacyDataset implements AutoCloseable {
  private static final int MAX_JSON_BYTES = 1 << 30;

  private final Store store;
  private final LegacyMetadata metadata;
  private final BamHeader header;
  private final List<LegacyMetadata.Chunk> chunks;
  private final List<Loss> losses;
  private final ObjectMapper mapper;

  private LegacyDataset(
      Store store, LegacyMetadata metadata, BamHeader header, boolean ordered, ObjectMapper mapper)
      throws CorruptDatasetException {
    this.store = store;
    this.metadata = metadata;
    this.header = header;
    this.mapper = mapper;
    this.chunks = inHeaderOrder(metadata.chunks());
    List<Loss> all = new ArrayList<>();
    long missing = metadata.reads() - countedIn(chunks);
    if (metadata.reads() >= 0 && missing != 0) {
      all.add(new Loss("reads", "%d of %d are in no chunk".formatted(missing, metadata.reads())));
    }
    all.addAll(Loss.of(metadata.origin(), metadata.isBinary(), !ordered));
    this.losses = List.copyOf(all);
  }

  /** Whether a store holds a dataset of an old version. */
  public static boolean isIn(Store store) throws IOException {
    return store.list(LegacyMetadata.KEY).contains(LegacyMetadata.KEY);
  }

  /**
   * Opens the dataset in a store.
   *
   * @throws DatasetOpenException when there is none
   * @throws CorruptDatasetException when it is not what the old tools write
   */
  public static LegacyDataset open(Store store) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    if (!isIn(store)) {
      throw new DatasetOpenException(
          Reason.NOT_A_DATASET,
          store.place(),
          store.place() + ": is no dataset of version 0.1 or 0.2: it has no " + LegacyMetadata.KEY);
    }
    LegacyMetadata metadata =
        LegacyMetadata.parse(store.place(), json(store, LegacyMetadata.KEY, mapper));
    JsonNode head = json(store, LegacyHeader.KEY, mapper);
    boolean ordered = head.path("HD").path("SO").asText().equals("coordinate");
    BamHeader header = LegacyHeader.parse(store.place(), head, ordered);
    return new LegacyDataset(store, metadata, header, ordered, mapper);
  }

  private static JsonNode json(Store store, String key, ObjectMapper mapper) throws IOException {
    try {
      long size = store.size(key);
      if (size > MAX_JSON_BYTES) {
        throw new CorruptDatasetException(store.place(), key, "has " + size + " bytes");
      }
      return mapper.readTree(store.read(key, 0, (int) size));
    } catch (NoSuchFileException e) {
      throw new CorruptDatasetException(store.place(), key, "is missing");
    } catch (JsonProcessingException e) {
      throw new CorruptDatasetException(
          store.place(), key, "is not JSON: " + e.getOriginalMessage());
    }
  }

  /** The Go tool lists them in random order. */
  private List<LegacyMetadata.Chunk> inHeaderOrder(List<LegacyMetadata.Chunk> listed)
      throws CorruptDatasetException {
    Map<String, Integer> places = new HashMap<>(contigIndices());
    places.put(LegacyMetadata.UNMAPPED, Integer.MAX_VALUE);
    for (LegacyMetadata.Chunk chunk : listed) {
      if (!places.containsKey(chunk.contig())) {
        throw new CorruptDatasetException(
            store.place(),
            chunk.key(),
            "lies on %s, which the header lacks".formatted(chunk.contig()));
      }
    }
    return listed.stream()
        .sorted(
            Comparator.comparing((LegacyMetadata.Chunk chunk) -> places.get(chunk.contig()))
                .thenComparing(LegacyMetadata.Chunk::start0))
        .toList();
  }

  private static long countedIn(List<LegacyMetadata.Chunk> chunks) {
    return chunks.stream().mapToLong(LegacyMetadata.Chunk::reads).sum();
  }

  private Map<String, Integer> contigIndices() {
    Map<String, Integer> indices = new HashMap<>();
    for (Contig contig : header.contigs()) {
      indices.putIfAbsent(contig.name(), contig.index());
    }
    indices.remove(LegacyMetadata.UNMAPPED); // a contig of this name has its reads among them
    return indices;
  }

  /** The version as written, such as 0.2.0. */
  public String version() {
    return metadata.version();
  }

  public BamHeader header() {
    return header;
  }

  /** Number of reads in all chunks. */
  public long recordCount() {
    return countedIn(chunks);
  }

  /** What this dataset does not hold of the file it was made of. */
  public List<Loss> losses() {
    return losses;
  }

  /**
   * All reads as BAM records, in the order of the header's contigs. Checks the chunks' checksums
   * and counts, so a cursor may fail at a chunk's end for what it gave before.
   */
  public RecordCursor records() {
    return new LegacyCursor(store, metadata, chunks, contigIndices(), mapper);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
