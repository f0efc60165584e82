package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.StoreException;
import io.nfspawn.bams3.store.StoreException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * One range of an object, received where it stays. An answer that breaks off is continued where it
 * ended, from the same version of the object (its ETag); if that is gone, from the start.
 */
final class RangedGet {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int PRECONDITION_FAILED = 412;

  private final S3AsyncClient client;
  private final S3Prefix prefix;
  private final Requests requests;
  private final String key;
  private final int lengthBytes;
  private final int roomBytes;
  private final boolean pinned;
  private final int start;
  private long offset;
  private byte[] content = new byte[0];
  private int filled;
  private int expected;
  private long objectBytes;
  private @Nullable String etag;
  private @Nullable AnswerBody current;

  /**
   * @param offset -1 for the last bytes of the object
   * @param roomBytes how long the content is to be at least, where the object is long enough: more
   *     than the range for {@link #following} ones
   * @param version ETag of the only version to read; null for any
   */
  RangedGet(
      S3AsyncClient client,
      S3Prefix prefix,
      Requests requests,
      String key,
      long offset,
      int lengthBytes,
      int roomBytes,
      @Nullable String version) {
    this.client = client;
    this.prefix = prefix;
    this.requests = requests;
    this.key = key;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.roomBytes = roomBytes;
    this.start = 0;
    this.etag = version;
    this.pinned = version != null;
  }

  private RangedGet(RangedGet before, int start, int lengthBytes) {
    this.client = before.client;
    this.prefix = before.prefix;
    this.requests = before.requests;
    this.key = before.key;
    this.offset = before.offset + start;
    this.lengthBytes = lengthBytes;
    this.roomBytes = 0;
    this.start = start;
    this.content = before.content;
    this.etag = before.etag;
    this.pinned = true;
  }

  /** More of the same version of the object, into the same content; this one has ended. */
  RangedGet following(int contentOffset, int bytes) {
    return new RangedGet(this, contentOffset, bytes);
  }

  /** Reads at once; shorter than asked for where the object ends. */
  CompletableFuture<byte[]> run() {
    return requests.send(key, "read", number -> attempt());
  }

  /** Reads when it is its turn. */
  CompletableFuture<byte[]> runInTurn() {
    return requests.sendInTurn(key, "read", number -> attempt());
  }

  /** Reads at once and waits. */
  byte[] await() throws IOException {
    return requests.await(key, run());
  }

  /** Size of the whole object, once read; 0 where the range lay behind its end. */
  long objectBytes() {
    return objectBytes;
  }

  private synchronized CompletableFuture<byte[]> attempt() {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(prefix.bucket()).key(prefix.key(key)).range(range());
    if (etag != null) {
      request.ifMatch(etag);
    }
    AnswerBody body = new AnswerBody(this);
    current = body;
    CompletableFuture<byte[]> answer =
        Requests.recover(client.getObject(request.build(), body), this::refused);
    CompletableFuture<byte[]> unused = answer.whenComplete((value, e) -> ended(body, e));
    return answer;
  }

  /**
   * An answer given up, by a time limit for one, may still arrive: it is not listened to. One that
   * was read to its end is left alone, so that its connection serves again.
   */
  private synchronized void ended(AnswerBody body, @Nullable Throwable failure) {
    if (failure != null) {
      current = null;
      body.cancel();
    }
  }

  private String range() {
    return offset < 0
        ? "bytes=-" + lengthBytes
        : "bytes=%d-%d".formatted(offset + filled, offset + lengthBytes - 1);
  }

  private synchronized CompletableFuture<byte[]> refused(Throwable e) {
    boolean behindEnd = Failure.isStatus(e, RANGE_NOT_SATISFIABLE);
    boolean replaced = Failure.isStatus(e, PRECONDITION_FAILED);
    if (behindEnd && filled == 0 && start == 0) {
      return CompletableFuture.completedFuture(content);
    }
    if (replaced && pinned) {
      return CompletableFuture.failedFuture(
          new StoreException(
              Reason.REFUSED,
              prefix.place(key),
              "was replaced while it was read; start again to read the new one",
              e));
    }
    if (replaced || behindEnd) {
      filled = 0;
      etag = null;
      return CompletableFuture.failedFuture(
          new IOException("the object was replaced while it was read", e));
    }
    return CompletableFuture.failedFuture(e);
  }

  /** The answer's head: where its content belongs. */
  synchronized void begin(AnswerBody body, GetObjectResponse head) throws IOException {
    if (body != current) {
      return;
    }
    Matcher range = CONTENT_RANGE.matcher(String.valueOf(head.contentRange()));
    if (!range.matches()) {
      throw new StoreException(
          Reason.UNSUPPORTED,
          prefix.place(key),
          "the server ignores ranges (Content-Range is %s); use another one"
              .formatted(head.contentRange()),
          null);
    }
    long first = Long.parseLong(range.group(1));
    objectBytes = Long.parseLong(range.group(3));
    if (offset < 0) {
      offset = first;
    }
    if (first != offset + filled) {
      throw new IOException(
          "the answer starts at byte %d, want %d".formatted(first, offset + filled));
    }
    if (filled == 0) {
      long left = objectBytes - offset;
      expected = (int) Math.min(lengthBytes, left);
      if (start == 0) {
        content = new byte[(int) Math.min(Math.max(lengthBytes, roomBytes), left)];
      }
    }
    etag = head.eTag();
  }

  synchronized void receive(AnswerBody body, ByteBuffer bytes) {
    if (body != current) {
      return;
    }
    int step = Math.min(bytes.remaining(), expected - filled);
    bytes.get(content, start + filled, step);
    filled += step;
    requests.countRead(step);
  }

  synchronized byte[] end() throws IOException {
    if (filled < expected) {
      throw new Failure.ShortAnswer(filled, expected);
    }
    return content;
  }
}
