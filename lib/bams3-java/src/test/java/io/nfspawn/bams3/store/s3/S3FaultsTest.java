package io.nfspawn.bams3.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.DatasetOpenException;
import io.nfspawn.bams3.DatasetWriter;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.store.s3.FaultyProxy.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A dataset is written to a bucket and read back while calls are spoiled: the right bytes come
 * back, or a typed error, and nothing is ever published by halves.
 */
@Tag("long")
class S3FaultsTest {
  private static final int ATTEMPTS = 3;
  private static final byte[] HEADER = GeneratedBam.header("");
  private static final int STRIDE = Boolean.getBoolean("spawn.soak") ? 1 : 3;

  /** Of two contigs and the unplaced: a few chunks. */
  private static final List<byte[]> RECORDS =
      new GeneratedBam(11)
          .addRecords(60).sortByCoordinate().records().stream()
              .filter(record -> LittleEndian.int32(record, 4) < 2)
              .toList();

  private static final Backoff AT_ONCE =
      new Backoff(
          Duration.ofMillis(1),
          Duration.ofMillis(1),
          n -> n,
          (millis, then) -> ForkJoinPool.commonPool().execute(then));

  private static FaultyProxy proxy;

  @BeforeAll
  static void start() throws IOException {
    proxy = new FaultyProxy(S3Server.s3Proxy().endpoint());
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void shouldWriteAndReadTheSameWhenAnyOneCallIsSpoiled(Fault fault) throws IOException {
    String sound = S3Server.newPrefix();
    proxy.spoil(fault, call -> false);
    byte[] expected = writeAndRead(sound);
    int calls = proxy.calls();
    for (int spoiled = first(fault); spoiled < calls; spoiled += STRIDE) {
      int chosen = spoiled;
      String prefix = S3Server.newPrefix();
      proxy.spoil(fault, call -> call == chosen);
      assertThat(writeAndRead(prefix)).as("%s at call %d", fault, spoiled).isEqualTo(expected);
      assertThat(keys(prefix)).as("%s at call %d", fault, spoiled).isEqualTo(keys(sound));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"TURNED_AWAY", "DONE_BUT_500", "RESET", "DONE_BUT_RESET"})
  void shouldPublishNothingOrAllWhenTheServerStaysAway(Fault fault) throws IOException {
    proxy.spoil(fault, call -> false);
    byte[] expected = writeAndRead(S3Server.newPrefix());
    int calls = proxy.calls();
    for (int last = first(fault); last < calls; last += STRIDE) {
      int spoiledFrom = last;
      String prefix = S3Server.newPrefix();
      proxy.spoil(fault, call -> call >= spoiledFrom);
      assertThatThrownBy(() -> writeAndRead(prefix))
          .as("%s from call %d", fault, last)
          .isInstanceOf(Bams3Exception.class);
      proxy.spoil(fault, call -> false);
      assertPublishedWholeOrNot(prefix, expected);
      write(prefix, true);
      assertThat(read(prefix)).isEqualTo(expected);
    }
  }

  /** Each fault spoils other calls, all faults together every call; the long run all of them. */
  private static int first(Fault fault) {
    return List.of(Fault.values()).indexOf(fault) % STRIDE;
  }

  private static void assertPublishedWholeOrNot(String prefix, byte[] expected) throws IOException {
    try {
      assertThat(read(prefix)).isEqualTo(expected);
    } catch (DatasetOpenException e) {
      assertThat(e.reason())
          .isIn(DatasetOpenException.Reason.UNFINISHED, DatasetOpenException.Reason.NOT_A_DATASET);
    }
  }

  private static byte[] writeAndRead(String prefix) throws IOException {
    write(prefix, false);
    return read(prefix);
  }

  private static void write(String prefix, boolean replace) throws IOException {
    WriteOptions options = new WriteOptions(1 << 18, 1, WriteOptions.DEFAULT.profile(), replace);
    try (Store store = open(prefix);
        DatasetWriter writer = DatasetWriter.create(store, HEADER, options)) {
      for (byte[] record : RECORDS) {
        writer.write(record, 0, record.length);
      }
      writer.publish();
    }
  }

  private static byte[] read(String prefix) throws IOException {
    try (Dataset dataset = Dataset.open(open(prefix))) {
      return Datasets.uncompressedBam(dataset);
    }
  }

  private static Store open(String prefix) {
    S3Options.Transfer transfer = new S3Options.Transfer(4, 1 << 17, 1 << 23, 5 << 20, ATTEMPTS);
    S3Options options = S3Server.options(proxy.endpoint()).withTransfer(transfer);
    return new S3Store(
        new S3Prefix(S3Server.BUCKET, prefix + "/"), options, S3Clients.of(options), AT_ONCE);
  }

  private static List<String> keys(String prefix) throws IOException {
    try (Store store = S3Store.open(S3Server.BUCKET, prefix, S3Server.s3Proxy().options())) {
      return store.list("");
    }
  }
}
