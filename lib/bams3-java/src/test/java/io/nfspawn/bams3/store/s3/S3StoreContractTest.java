package io.nfspawn.bams3.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.store.StoreContractTest;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** What the store does on every server. */
abstract class S3StoreContractTest extends StoreContractTest {
  private static final int PART_BYTES = 5 << 20;

  private final String prefix = S3Server.newPrefix();
  private S3Store store;

  abstract S3Server server();

  private S3Options options() {
    return server()
        .options()
        .withTransfer(new S3Options.Transfer(4, 1 << 12, 1 << 16, PART_BYTES, 1));
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
    try (S3Client client = S3Clients.of(options())) {
      return client
          .listMultipartUploads(request -> request.bucket(S3Server.BUCKET).prefix(prefix))
          .uploads()
          .size();
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
