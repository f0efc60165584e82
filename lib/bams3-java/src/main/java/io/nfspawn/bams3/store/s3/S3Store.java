package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.Workers;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket below a prefix. Thread-safe; requests run on the caller's thread, and on
 * threads of the store where several run at a time. Closing it ends those and the connections.
 */
public final class S3Store implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(S3Store.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int KEYS_PER_DELETE = 1000;
  private static final int NOT_FOUND = 404;

  /** Under way at a time for one stream: what a fast network needs, and 64 MiB at most. */
  private static final int STREAM_REQUESTS = 8;

  private final S3Prefix prefix;
  private final S3Options options;
  private final S3Client client;
  private final Requests requests;
  private final ObjectWrites writes;
  private final Workers workers;

  S3Store(S3Prefix prefix, S3Options options, S3Client client, Backoff backoff) {
    this.prefix = prefix;
    this.options = options;
    this.client = client;
    this.requests = new Requests(prefix, options.transfer().attempts(), backoff);
    this.writes = new ObjectWrites(client, prefix, requests, options);
    this.workers = new Workers("bams3-s3", options.transfer().requests());
  }

  /**
   * Opens a store; sends nothing yet.
   *
   * @param prefix without slashes at its ends; empty for the whole bucket
   */
  public static S3Store open(String bucket, String prefix, S3Options options) {
    Backoff backoff =
        new Backoff(
            FIRST_PAUSE,
            LONGEST_PAUSE,
            limit -> ThreadLocalRandom.current().nextLong(limit + 1),
            Thread::sleep);
    String below = prefix.isEmpty() ? "" : prefix + "/";
    return new S3Store(new S3Prefix(bucket, below), options, S3Clients.of(options), backoff);
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
    return requests.send(
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
        (name, offset, lengthBytes) ->
            new RangedGet(client, prefix, requests, key, offset, lengthBytes, head.eTag()).run(),
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
    RangedGet first = get(key, offset, Math.min(lengthBytes, piece));
    byte[] start = first.run();
    long length = Math.min(lengthBytes, Math.max(0, first.objectBytes() - offset));
    if (length <= start.length) {
      return start;
    }
    List<Future<byte[]>> rest = new ArrayList<>();
    for (long at = start.length; at < length; at += piece) {
      long from = offset + at;
      int bytes = (int) Math.min(piece, length - at);
      rest.add(workers.submit(() -> get(key, from, bytes).run()));
    }
    byte[] content = Arrays.copyOf(start, (int) length);
    int at = start.length;
    for (Future<byte[]> next : rest) {
      byte[] bytes = Workers.await(next);
      System.arraycopy(bytes, 0, content, at, bytes.length);
      at += bytes.length;
    }
    return at == length ? content : Arrays.copyOf(content, at);
  }

  @Override
  public Tail readTail(String key, int maxBytes) throws IOException {
    RangedGet get = get(key, -1, maxBytes);
    byte[] bytes = get.run();
    return new Tail(bytes, get.objectBytes());
  }

  @Override
  public List<byte[]> readAll(String key, List<ByteRange> ranges) throws IOException {
    S3Options.Transfer transfer = options.transfer();
    CoalescedRanges coalesced =
        new CoalescedRanges(ranges, transfer.gapBytes(), transfer.requestBytes());
    List<Group> groups = coalesced.groups();
    List<Future<byte[]>> others = new ArrayList<>();
    for (Group group : groups.subList(Math.min(1, groups.size()), groups.size())) {
      ByteRange range = group.fetched();
      others.add(workers.submit(() -> get(key, range.offset(), range.lengthBytes()).run()));
    }
    byte[][] contents = new byte[ranges.size()][0];
    try {
      for (int i = 0; i < groups.size(); i++) {
        ByteRange range = groups.get(i).fetched();
        byte[] fetched =
            i == 0
                ? read(key, range.offset(), range.lengthBytes())
                : Workers.await(others.get(i - 1));
        coalesced.cut(groups.get(i), fetched, contents);
      }
    } catch (IOException | RuntimeException e) {
      others.forEach(other -> other.cancel(true));
      throw e;
    }
    return List.of(contents);
  }

  private RangedGet get(String key, long offset, int lengthBytes) {
    return new RangedGet(client, prefix, requests, key, offset, lengthBytes, null);
  }

  @Override
  public Upload create(String key) {
    return new S3Upload(writes, workers, key, options.transfer().partBytes());
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
      page = requests.send("", "listed", number -> client.listObjectsV2(request.build()));
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
    requests.send(
        key,
        "removed",
        number -> {
          try {
            return client.deleteObject(
                request -> {
                  request.bucket(prefix.bucket()).key(prefix.key(key));
                });
          } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND && Failure.code(e).equals("NoSuchKey")) {
              return "absent";
            }
            throw e;
          }
        });
  }

  @Override
  public void deleteAll(List<String> keys) throws IOException {
    for (int from = 0; from < keys.size(); from += KEYS_PER_DELETE) {
      List<ObjectIdentifier> some =
          keys.subList(from, Math.min(keys.size(), from + KEYS_PER_DELETE)).stream()
              .map(key -> ObjectIdentifier.builder().key(prefix.key(key)).build())
              .toList();
      requests.send("", "cleared", number -> deleteSome(some));
    }
  }

  /** Single objects may fail although the request did not. */
  private String deleteSome(List<ObjectIdentifier> some) throws IOException {
    List<S3Error> errors =
        client
            .deleteObjects(
                request -> {
                  request.bucket(prefix.bucket()).delete(d -> d.objects(some).quiet(true));
                })
            .errors();
    if (!errors.isEmpty()) {
      S3Error error = errors.get(0);
      throw new IOException(
          "%d of %d objects stayed, %s: %s"
              .formatted(errors.size(), some.size(), error.key(), error.code()));
    }
    return "removed";
  }

  @Override
  public void discardUnpublished() throws IOException {
    ListMultipartUploadsRequest.Builder request =
        ListMultipartUploadsRequest.builder().bucket(prefix.bucket()).prefix(prefix.prefix());
    ListMultipartUploadsResponse page;
    do {
      page = requests.send("", "listed", number -> client.listMultipartUploads(request.build()));
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
    workers.close();
    client.close();
  }
}
