package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.ByteRange;
import io.nfspawn.bams3.store.CoalescedRanges;
import io.nfspawn.bams3.store.CoalescedRanges.Group;
import io.nfspawn.bams3.store.ObjectStream;
import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.store.Tail;
import io.nfspawn.bams3.store.Traffic;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket below a prefix. Thread-safe; callers wait, the requests under way hold no
 * threads. Closing it fails those and ends the connections.
 */
public final class S3Store implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(S3Store.class);
  private static final int KEYS_PER_DELETE = 1000;

  /** Under way at a time for one stream: what a fast network needs, and 64 MiB at most. */
  private static final int STREAM_REQUESTS = 8;

  private final S3Prefix prefix;
  private final S3Options options;
  private final S3AsyncClient client;
  private final Requests requests;
  private final ObjectWrites writes;

  S3Store(S3Prefix prefix, S3Options options, S3AsyncClient client, Backoff backoff) {
    this.prefix = prefix;
    this.options = options;
    this.client = client;
    this.requests =
        new Requests(prefix, options.transfer().attempts(), options.transfer().requests(), backoff);
    this.writes = new ObjectWrites(client, prefix, requests, options);
  }

  /**
   * Opens a store; sends nothing yet.
   *
   * @param prefix without slashes at its ends; empty for the whole bucket
   */
  public static S3Store open(String bucket, String prefix, S3Options options) {
    String below = prefix.isEmpty() ? "" : prefix + "/";
    return new S3Store(
        new S3Prefix(bucket, below), options, S3Clients.of(options), Backoff.DEFAULT);
  }

  @Override
  public String place() {
    return prefix.place("");
  }

  @Override
  public long size(String key) throws IOException {
    return head(key).contentLength();
  }

  /** Both times are the server's, so that clocks need not agree. */
  @Override
  public Duration age(String key) throws IOException {
    HeadObjectResponse head = head(key);
    Instant now =
        head.sdkHttpResponse()
            .firstMatchingHeader("Date")
            .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
            .orElseGet(Instant::now);
    return Duration.between(head.lastModified(), now);
  }

  private HeadObjectResponse head(String key) throws IOException {
    return requests.ask(
        key,
        "looked up",
        number ->
            client.headObject(request -> request.bucket(prefix.bucket()).key(prefix.key(key))));
  }

  @Override
  public InputStream open(String key) throws IOException {
    HeadObjectResponse head = head(key);
    S3Options.Transfer transfer = options.transfer();
    return new ObjectStream(
        prefix.place(key),
        head.contentLength(),
        (name, offset, lengthBytes) -> get(key, offset, lengthBytes, 0, head.eTag()).run(),
        Math.min(STREAM_REQUESTS, transfer.requests()),
        transfer.requestBytes());
  }

  /** A long range in several requests at a time, once the first has told where the object ends. */
  @Override
  public byte[] read(String key, long offset, int lengthBytes) throws IOException {
    if (lengthBytes == 0) {
      size(key);
      return new byte[0];
    }
    int piece = options.transfer().requestBytes();
    RangedGet first = get(key, offset, Math.min(lengthBytes, piece), lengthBytes, null);
    byte[] content = first.await();
    List<CompletableFuture<byte[]>> rest = new ArrayList<>();
    for (int at = piece; at < content.length; at += piece) {
      rest.add(first.following(at, Math.min(piece, content.length - at)).runInTurn());
    }
    awaitAll(key, rest);
    return content;
  }

  private void awaitAll(String key, List<CompletableFuture<byte[]>> gets) throws IOException {
    try {
      for (CompletableFuture<byte[]> get : gets) {
        requests.await(key, get);
      }
    } finally {
      gets.forEach(get -> get.cancel(true)); // those that a failed one leaves
    }
  }

  @Override
  public Tail readTail(String key, int maxBytes) throws IOException {
    RangedGet get = get(key, -1, maxBytes, 0, null);
    byte[] bytes = get.await();
    return new Tail(bytes, get.objectBytes());
  }

  @Override
  public List<byte[]> readAll(String key, List<ByteRange> ranges) throws IOException {
    S3Options.Transfer transfer = options.transfer();
    CoalescedRanges coalesced =
        new CoalescedRanges(ranges, transfer.gapBytes(), transfer.requestBytes());
    List<Group> groups = coalesced.groups();
    List<CompletableFuture<byte[]>> others = new ArrayList<>();
    for (Group group : groups.subList(Math.min(1, groups.size()), groups.size())) {
      ByteRange range = group.fetched();
      others.add(get(key, range.offset(), range.lengthBytes(), 0, null).runInTurn());
    }
    byte[][] contents = new byte[ranges.size()][0];
    try {
      for (int i = 0; i < groups.size(); i++) {
        ByteRange range = groups.get(i).fetched();
        byte[] fetched =
            i == 0
                ? read(key, range.offset(), range.lengthBytes())
                : requests.await(key, others.get(i - 1));
        coalesced.cut(groups.get(i), fetched, contents);
      }
    } finally {
      others.forEach(other -> other.cancel(true)); // those that a failed one leaves
    }
    return List.of(contents);
  }

  private RangedGet get(
      String key, long offset, int lengthBytes, int roomBytes, @Nullable String version) {
    return new RangedGet(client, prefix, requests, key, offset, lengthBytes, roomBytes, version);
  }

  @Override
  public Upload create(String key) {
    return new S3Upload(writes, requests, key, options.transfer().partBytes());
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws IOException {
    return writes.putIfAbsent(key, content);
  }

  @Override
  public List<String> list(String keyPrefix) throws IOException {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(prefix.bucket()).prefix(prefix.prefix() + keyPrefix);
    List<String> keys = new ArrayList<>();
    ListObjectsV2Response page;
    do {
      page = requests.ask("", "listed", number -> client.listObjectsV2(request.build()));
      for (S3Object object : page.contents()) {
        String key = prefix.relative(object.key());
        if (!key.isEmpty()) {
          keys.add(key); // an object named as the prefix itself is what consoles show as a folder
        }
      }
      request.continuationToken(page.nextContinuationToken());
    } while (Boolean.TRUE.equals(page.isTruncated()));
    Collections.sort(keys);
    return keys;
  }

  @Override
  public void delete(String key) throws IOException {
    requests.ask(
        key,
        "removed",
        number ->
            Requests.recover(
                client
                    .deleteObject(
                        request -> {
                          request.bucket(prefix.bucket()).key(prefix.key(key));
                        })
                    .thenApply(answer -> true),
                e ->
                    e instanceof NoSuchKeyException
                        ? CompletableFuture.completedFuture(true)
                        : CompletableFuture.failedFuture(e)));
  }

  @Override
  public void deleteAll(List<String> keys) throws IOException {
    for (int from = 0; from < keys.size(); from += KEYS_PER_DELETE) {
      List<ObjectIdentifier> some =
          keys.subList(from, Math.min(keys.size(), from + KEYS_PER_DELETE)).stream()
              .map(key -> ObjectIdentifier.builder().key(prefix.key(key)).build())
              .toList();
      requests.ask("", "cleared", number -> deleteSome(some));
    }
  }

  /** Single objects may fail although the request did not. */
  private CompletableFuture<String> deleteSome(List<ObjectIdentifier> some) {
    return client
        .deleteObjects(
            request -> {
              request.bucket(prefix.bucket()).delete(d -> d.objects(some).quiet(true));
            })
        .thenCompose(
            answer -> {
              if (answer.errors().isEmpty()) {
                return CompletableFuture.completedFuture("removed");
              }
              S3Error error = answer.errors().get(0);
              return CompletableFuture.failedFuture(
                  new IOException(
                      "%d of %d objects stayed, %s: %s"
                          .formatted(
                              answer.errors().size(), some.size(), error.key(), error.code())));
            });
  }

  @Override
  public void discardUnpublished() throws IOException {
    ListMultipartUploadsRequest.Builder request =
        ListMultipartUploadsRequest.builder().bucket(prefix.bucket()).prefix(prefix.prefix());
    ListMultipartUploadsResponse page;
    do {
      page = requests.ask("", "listed", number -> client.listMultipartUploads(request.build()));
      for (MultipartUpload upload : page.uploads()) {
        writes.abort(prefix.relative(upload.key()), upload.uploadId());
      }
      request.keyMarker(page.nextKeyMarker()).uploadIdMarker(page.nextUploadIdMarker());
    } while (Boolean.TRUE.equals(page.isTruncated()));
  }

  @Override
  public int requestsAtATime() {
    return options.transfer().requests();
  }

  @Override
  public Traffic traffic() {
    return requests.traffic();
  }

  @Override
  public void close() {
    Traffic traffic = traffic();
    LOG.debug(
        "event=store.closed place={} requests={} repeats={} readBytes={} writtenBytes={}",
        place(),
        traffic.requests(),
        traffic.repeats(),
        traffic.readBytes(),
        traffic.writtenBytes());
    requests.close();
    client.close();
  }
}
