package io.nfspawn.bams3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.store.CountingStore;
import io.nfspawn.bams3.store.MemoryStore;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pages on several threads, and pages fetched ahead: the same records, within bounds. */
class PageTraversalTest {
  private static final long SEED = 12;
  private static final int REQUESTS = 4;

  private static final MemoryStore OBJECTS = new MemoryStore();

  @BeforeAll
  static void write() throws IOException {
    GeneratedBam generated = new GeneratedBam(SEED).addRecords(12_000).sortByCoordinate();
    byte[] header = GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate");
    try (DatasetWriter writer =
        DatasetWriter.create(OBJECTS, header, new WriteOptions(1 << 15, 2, Profile.FAST, false))) {
      for (byte[] record : generated.records()) {
        writer.write(record, 0, record.length);
      }
      writer.publish();
    }
  }

  private static Dataset open(int requests) throws IOException {
    return Dataset.open(new CountingStore(OBJECTS, requests));
  }

  private static List<String> names(RecordCursor records) throws IOException {
    List<String> names = new ArrayList<>();
    while (records.next()) {
      names.add(records.record().name());
    }
    return names;
  }

  private static List<String> expected(Query query) throws IOException {
    try (Dataset dataset = open(1);
        RecordCursor records = dataset.query(query)) {
      return names(records);
    }
  }

  @Test
  void shouldGiveResultsInFileOrder() throws IOException {
    Query query = Query.ALL.excluding(RecordView.DUPLICATE);
    for (int threads : new int[] {1, 3}) {
      List<String> names = new ArrayList<>();
      try (Dataset dataset = open(REQUESTS)) {
        dataset.mapPages(query, threads, PageTraversalTest::names, names::addAll);
      }
      assertThat(names).isEqualTo(expected(query));
    }
    assertNoThreads();
  }

  @Test
  void shouldVisitEveryPageOnceInAnyOrder() throws IOException {
    Query query =
        Query.overlapping(new Interval(0, 5_000, 200_000), new Interval(2, 0, 90_000))
            .only(Field.NAME);
    List<String> names = Collections.synchronizedList(new ArrayList<>());
    try (Dataset dataset = open(REQUESTS)) {
      dataset.forEachPage(query, 3, page -> names.addAll(names(page)));
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(expected(query));
    assertNoThreads();
  }

  @Test
  void shouldNotRunFarAheadOfASlowVisitor() throws IOException {
    AtomicInteger started = new AtomicInteger();
    AtomicInteger visited = new AtomicInteger();
    try (Dataset dataset = open(1)) {
      dataset.mapPages(
          Query.ALL,
          2,
          page -> started.incrementAndGet(),
          number -> assertThat(started.get()).isLessThanOrEqualTo(visited.getAndIncrement() + 6));
    }
    assertThat(visited.get()).isGreaterThan(12);
  }

  @Test
  void shouldEndAtTheFirstFailure() throws IOException {
    AtomicInteger visited = new AtomicInteger();
    try (Dataset dataset = open(REQUESTS)) {
      assertThatThrownBy(
              () ->
                  dataset.forEachPage(
                      Query.ALL,
                      2,
                      page -> {
                        visited.incrementAndGet();
                        throw new IOException("full");
                      }))
          .hasMessage("full");
      assertThat(visited.get()).isLessThan(dataset.chunks().size());
    }
    assertNoThreads();
  }

  @Test
  void shouldFetchAheadWhereTheStoreAnswersSideBySide() throws IOException {
    CountingStore store = new CountingStore(OBJECTS, REQUESTS);
    try (Dataset dataset = Dataset.open(store)) {
      long manifest = store.readBytes();
      CountDownLatch together = store.holdUntilTogether(2);
      RecordCursor records = dataset.query();
      assertThat(names(records)).hasSize((int) dataset.records());
      records.close();
      long once = dataset.chunks().stream().mapToLong(ChunkInfo::sizeBytes).sum();
      assertThat(store.readBytes() - manifest).isLessThanOrEqualTo(once);
      assertThat(together.getCount()).isZero();
      try (RecordCursor early = dataset.query()) {
        assertThat(early.next()).isTrue();
      }
    }
    assertNoThreads();
  }

  @Test
  void shouldHandOutWhatComesBeforeADamagedChunk() throws IOException {
    MemoryStore damaged = new MemoryStore();
    String spoiled = "";
    try (Dataset dataset = open(1)) {
      List<ChunkInfo> chunks = dataset.chunks();
      spoiled = chunks.get(5).key();
    }
    for (String key : OBJECTS.list("")) {
      if (!key.equals(spoiled)) {
        copy(damaged, key);
      }
    }
    try (Dataset dataset = Dataset.open(new CountingStore(damaged, REQUESTS));
        RecordCursor records = dataset.query()) {
      long before = dataset.chunks().subList(0, 5).stream().mapToLong(ChunkInfo::records).sum();
      for (long i = 0; i < before; i++) {
        assertThat(records.next()).isTrue();
      }
      assertThatThrownBy(records::next)
          .isInstanceOf(CorruptDatasetException.class)
          .hasMessageContaining("is missing");
    }
    assertNoThreads();
  }

  private static void copy(Store to, String key) throws IOException {
    try (Store.Upload upload = to.create(key)) {
      upload.write(OBJECTS.read(key, 0, (int) OBJECTS.size(key)));
      upload.publish();
    }
  }

  /** What is closed has no thread left. */
  private static void assertNoThreads() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bams3-fetch") || name.startsWith("bams3-page"));
  }
}
