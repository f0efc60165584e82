package io.nfspawn.bams3.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store must do. */
public abstract class StoreContractTest {

  protected abstract Store store() throws IOException;

  @Test
  void shouldGiveBackAnObjectAndItsRanges() throws IOException {
    Store store = store();
    put(store, "data/1/0.b3c", "0123456789");
    assertThat(store.size("data/1/0.b3c")).isEqualTo(10);
    assertThat(text(store.read("data/1/0.b3c", 0, 10))).isEqualTo("0123456789");
    assertThat(text(store.read("data/1/0.b3c", 3, 4))).isEqualTo("3456");
    assertThat(text(store.read("data/1/0.b3c", 8, 100))).isEqualTo("89");
    assertThat(store.read("data/1/0.b3c", 10, 5)).isEmpty();
    assertThat(store.read("data/1/0.b3c", 99, 5)).isEmpty();
  }

  @Test
  void shouldTellHowLongAgoAnObjectWasWritten() throws IOException {
    Store store = store();
    put(store, "a", "one");
    // clocks of stores may count whole seconds
    assertThat(store.age("a")).isBetween(Duration.ofSeconds(-2), Duration.ofMinutes(1));
    assertThatThrownBy(() -> store.age("none")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void shouldGiveTheEndOfAnObjectWithItsSize() throws IOException {
    Store store = store();
    put(store, "a", "0123456789");
    put(store, "empty", "");
    Tail tail = store.readTail("a", 3);
    assertThat(text(tail.bytes())).isEqualTo("789");
    assertThat(tail.objectBytes()).isEqualTo(10);
    assertThat(tail.offset()).isEqualTo(7);
    assertThat(text(store.readTail("a", 99).bytes())).isEqualTo("0123456789");
    assertThat(store.readTail("empty", 99).objectBytes()).isZero();
    assertThatThrownBy(() -> store.readTail("none", 9)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void shouldGiveSeveralRangesInTheOrderAskedFor() throws IOException {
    Store store = store();
    byte[] content = new byte[1_000_000];
    new Random(3).nextBytes(content);
    try (Store.Upload upload = store.create("a")) {
      upload.write(content);
      upload.publish();
    }
    List<ByteRange> ranges =
        List.of(
            new ByteRange(900_000, 50),
            new ByteRange(10, 20),
            new ByteRange(25, 200_000),
            new ByteRange(30, 0),
            new ByteRange(999_990, 100),
            new ByteRange(2_000_000, 5));
    List<byte[]> contents = store.readAll("a", ranges);
    assertThat(contents).hasSameSizeAs(ranges);
    for (int i = 0; i < ranges.size(); i++) {
      int from = (int) Math.min(content.length, ranges.get(i).offset());
      int to = (int) Math.min(content.length, ranges.get(i).end());
      assertThat(contents.get(i)).isEqualTo(Arrays.copyOfRange(content, from, to));
    }
    assertThat(store.readAll("a", List.of())).isEmpty();
    assertThatThrownBy(() -> store.readAll("none", ranges)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void shouldStreamAnObject() throws IOException {
    Store store = store();
    byte[] content = new byte[3_000_000];
    new Random(4).nextBytes(content);
    try (Store.Upload upload = store.create("a")) {
      upload.write(content);
      upload.publish();
    }
    put(store, "empty", "");
    try (InputStream in = store.open("a")) {
      assertThat(in.read()).isEqualTo(content[0] & 0xff);
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 1, content.length));
      assertThat(in.read()).isEqualTo(-1);
    }
    try (InputStream in = store.open("empty")) {
      assertThat(in.read()).isEqualTo(-1);
    }
    try (InputStream in = store.open("a")) {
      assertThat(in.readNBytes(10)).hasSize(10); // and closed in the middle
    }
    assertThatThrownBy(() -> store.open("none")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void shouldReadAheadInOrder() throws IOException {
    Store store = store();
    put(store, "a", "0123456789");
    put(store, "b", "abcdefghij");
    List<ReadAhead.Wanted> wanted =
        List.of(
            new ReadAhead.Wanted("a", new ByteRange(0, 4)),
            new ReadAhead.Wanted("b", new ByteRange(0, 10)),
            new ReadAhead.Wanted("a", new ByteRange(8, 4)),
            new ReadAhead.Wanted("b", new ByteRange(2, 1)));
    StringBuilder read = new StringBuilder();
    try (Workers readers = new Workers("reader", 3);
        ReadAhead ahead = new ReadAhead(store, wanted.iterator(), readers, 5)) {
      for (byte[] next = ahead.next(); next != null; next = ahead.next()) {
        read.append(text(next)).append(' ');
      }
    }
    assertThat(read).hasToString("0123 abcdefghij 89 c ");
  }

  @Test
  void shouldShowAnObjectOnlyWhenPublished() throws IOException {
    Store store = store();
    try (Store.Upload upload = store.create("a")) {
      upload.write(bytes("half"));
      assertThat(store.list("")).isEmpty();
    }
    assertThat(store.list("")).isEmpty();
    assertThatThrownBy(() -> store.size("a")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void shouldReplaceAnObjectWhenPublishedAgain() throws IOException {
    Store store = store();
    put(store, "a", "one");
    put(store, "a", "three");
    assertThat(text(store.read("a", 0, 99))).isEqualTo("three");
  }

  @Test
  void shouldPutIfAbsentOnce() throws IOException {
    Store store = store();
    assertThat(store.putIfAbsent("m", bytes("first"))).isTrue();
    assertThat(store.putIfAbsent("m", bytes("second"))).isFalse();
    assertThat(text(store.read("m", 0, 99))).isEqualTo("first");
    assertThat(store.list("")).containsExactly("m");
  }

  @Test
  protected void shouldLetOneWriterWinWhenSeveralPutAtOnce() throws Exception {
    oneWriterWins(store());
  }

  protected static void oneWriterWins(Store store) throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] content = bytes("writer " + i);
        answers.add(writers.submit(() -> store.putIfAbsent("m", content)));
      }
      int winners = 0;
      for (Future<Boolean> answer : answers) {
        winners += answer.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    } finally {
      writers.shutdownNow();
    }
  }

  @Test
  void shouldListByPrefixInOrder() throws IOException {
    Store store = store();
    for (String key : List.of("data/2/0", "data/10/0", "header.bam", "data/2/1")) {
      put(store, key, key);
    }
    assertThat(store.list("data/")).containsExactly("data/10/0", "data/2/0", "data/2/1");
    assertThat(store.list("none")).isEmpty();
  }

  @Test
  void shouldDeleteSeveralAndNotMindTheAbsent() throws IOException {
    Store store = store();
    put(store, "a", "one");
    put(store, "b/c", "two");
    put(store, "d", "three");
    store.deleteAll(List.of("a", "none", "b/c"));
    assertThat(store.list("")).containsExactly("d");
    store.deleteAll(List.of());
  }

  @Test
  void shouldDiscardWhatWasNeverPublished() throws IOException {
    Store store = store();
    put(store, "a", "one");
    Store.Upload killed = store.create("b");
    killed.write(new byte[longUploadBytes()]);
    killed.flush();
    store.discardUnpublished();
    assertThat(store.list("")).containsExactly("a");
    assertThat(leftovers()).isZero();
  }

  /** Long enough for the store to keep some of it elsewhere than in memory. */
  protected int longUploadBytes() {
    return 1;
  }

  /** What lies where the last store puts unpublished content. */
  protected long leftovers() throws IOException {
    return 0;
  }

  @Test
  void shouldDeleteAndNotMindTheAbsent() throws IOException {
    Store store = store();
    put(store, "a", "one");
    store.delete("a");
    store.delete("a");
    assertThat(store.list("")).isEmpty();
    assertThatThrownBy(() -> store.read("a", 0, 1)).isInstanceOf(NoSuchFileException.class);
  }

  private static void put(Store store, String key, String content) throws IOException {
    try (Store.Upload upload = store.create(key)) {
      upload.write(bytes(content));
      upload.publish();
    }
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
