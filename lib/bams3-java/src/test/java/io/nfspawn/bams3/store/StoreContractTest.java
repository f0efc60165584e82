package io.nfspawn.bams3.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store must do. */
abstract class StoreContractTest {

  abstract Store store() throws IOException;

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
  void shouldLetOneWriterWinWhenSeveralPutAtOnce() throws Exception {
    Store store = store();
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

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
