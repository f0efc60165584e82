package io.nfspawn.bams3.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.store.StoreContractTest;
import io.nfspawn.bams3.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** What the store does on every server. */
abstract class S3StoreContractTest extends StoreContractTest {
  private static final int PART_BYTES = 5 << 20;

  private final String prefix = S3Server.newPrefix();
  private S3Store store;

  abstract S3Server server();

  /** More than one attempt: S3Mock answers 500 now and then for what is being replaced. */
  private S3Options options() {
    return server()
        .options()
        .withTransfer(new S3Options.Transfer(4, 1 << 12, 1 << 16, PART_BYTES, 3));
  }

  @Override
  protected Store store() {
    store = S3Store.open(S3Server.BUCKET, prefix, options());
    return store;
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected int longUploadBytes() {
    return PART_BYTES + 1;
  }

  @Override
  protected long leftovers() {
    try (S3AsyncClient client = S3Clients.of(options())) {
      return client
          .listMultipartUploads(request -> request.bucket(S3Server.BUCKET).prefix(prefix))
          .join()
          .uploads()
          .size();
    }
  }

  /** The servers are not exact in this, so their requests are put in a row. */
  @Test
  @Override
  protected void shouldLetOneWriterWinWhenSeveralPutAtOnce() throws Exception {
    store();
    try (FaultyProxy proxy = new FaultyProxy(server().endpoint());
        Store racing = S3Store.open(S3Server.BUCKET, prefix, S3Server.options(proxy.endpoint()))) {
      oneWriterWins(racing);
    }
  }

  /** Two threads of one process may want the same key: the second must not take the first's. */
  @Test
  void shouldNotTakeAnEarlierPutOfItsOwnForARepeatedOne() throws Exception {
    store();
    try (FaultyProxy proxy = new FaultyProxy(server().endpoint());
        Store spoiled = S3Store.open(S3Server.BUCKET, prefix, S3Server.options(proxy.endpoint()))) {
      assertThat(spoiled.putIfAbsent("m", bytes("writer 1"))).isTrue();
      proxy.spoil(FaultyProxy.Fault.TURNED_AWAY, call -> call == 0);
      assertThat(spoiled.putIfAbsent("m", bytes("writer 2"))).isFalse();
    }
  }

  @Test
  void shouldStoreALongObjectInPartsAndReadItInPieces() throws IOException {
    Store store = store();
    byte[] content = new byte[2 * PART_BYTES + 12_345];
    new Random(1).nextBytes(content);
    try (Store.Upload upload = store.create("long")) {
      upload.write(content, 0, 100);
      upload.write(content, 100, content.length - 100);
      upload.publish();
    }
    assertThat(store.read("long", 0, content.length + 7)).isEqualTo(content);
    assertThat(store.size("long")).isEqualTo(content.length);
    assertThat(leftovers()).isZero();
  }

  @Test
  void shouldLeaveNoPartsWhenALongUploadIsDropped() throws IOException {
    Store store = store();
    try (Store.Upload upload = store.create("long")) {
      upload.write(new byte[longUploadBytes()]);
    }
    assertThat(leftovers()).isZero();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void shouldNotGoOnWithTheNextVersionOfAStreamedObject() throws IOException {
    Store store = store();
    byte[] content = new byte[2_000_000];
    put(store, content);
    try (InputStream in = store.open("a")) {
      in.readNBytes(10);
      content[1_999_999] = 1;
      put(store, content);
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(StoreException.class)
          .hasMessage(
              store.place()
                  + "/a: was replaced while it was read; start again to read the new one");
    }
  }

  private static void put(Store store, byte[] content) throws IOException {
    try (Store.Upload upload = store.create("a")) {
      upload.write(content);
      upload.publish();
    }
  }

  @Test
  void shouldCountRequestsAndBytes() throws IOException {
    Store store = store();
    store.putIfAbsent("a", new byte[100]);
    store.read("a", 10, 20);
    store.list("");
    assertThat(store.traffic().requests()).isEqualTo(3);
    assertThat(store.traffic().repeats()).isZero();
    assertThat(store.traffic().readBytes()).isEqualTo(20);
    assertThat(store.traffic().writtenBytes()).isEqualTo(100);
  }

  @Test
  void shouldKeepToItsPrefix() throws IOException {
    Store store = store();
    store.putIfAbsent("a b+c/d", new byte[1]);
    try (Store other = S3Store.open(S3Server.BUCKET, prefix + "-other", options())) {
      other.putIfAbsent("x", new byte[1]);
    }
    assertThat(store.list("")).isEqualTo(List.of("a b+c/d"));
    assertThat(store.read("a b+c/d", 0, 5)).hasSize(1);
  }
}
