package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.StoreException;
import io.nfspawn.bams3.store.StoreException.Reason;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One range of an object. An answer that breaks off is continued where it ended, from the same
 * version of the object (its ETag); if that is gone, from the start. Owned by one thread.
 */
final class RangedGet {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int PRECONDITION_FAILED = 412;

  private final S3Client client;
  private final S3Prefix prefix;
  private final Requests requests;
  private final String key;
  private final int lengthBytes;
  private final boolean pinned;
  private long offset;
  private byte[] content = new byte[0];
  private int filled;
  private long objectBytes;
  private @Nullable String etag;

  /**
   * @param offset -1 for the last bytes of the object
   * @param version ETag of the only version to read; null for any
   */
  RangedGet(
      S3Client client,
      S3Prefix prefix,
      Requests requests,
      String key,
      long offset,
      int lengthBytes,
      @Nullable String version) {
    this.client = client;
    this.prefix = prefix;
    this.requests = requests;
    this.key = key;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.etag = version;
    this.pinned = version != null;
  }

  /** Reads; shorter than asked for where the object ends. */
  byte[] run() throws IOException {
    return requests.send(key, "read", this::attempt);
  }

  /** Size of the whole object, once read; 0 where the range lay behind its end. */
  long objectBytes() {
    return objectBytes;
  }

  private byte[] attempt(int number) throws IOException {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(prefix.bucket()).key(prefix.key(key)).range(range());
    if (etag != null) {
      request.ifMatch(etag);
    }
    ResponseInputStream<GetObjectResponse> answer;
    try {
      answer = client.getObject(request.build());
    } catch (S3Exception e) {
      return refused(e);
    }
    boolean whole = false;
    try {
      receive(answer);
      whole = true;
      return content;
    } finally {
      if (whole) {
        answer.close();
      } else {
        answer.abort(); // its connection is of no use any more
      }
    }
  }

  private String range() {
    return offset < 0
        ? "bytes=-" + lengthBytes
        : "bytes=%d-%d".formatted(offset + filled, offset + lengthBytes - 1);
  }

  private byte[] refused(S3Exception e) throws IOException {
    if (e.statusCode() == RANGE_NOT_SATISFIABLE && filled == 0) {
      return content;
    }
    if (e.statusCode() == PRECONDITION_FAILED && pinned) {
      throw new StoreException(
          Reason.REFUSED,
          prefix.place(key),
          "was replaced while it was read; start again to read the new one",
          e);
    }
    if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == RANGE_NOT_SATISFIABLE) {
      restart();
      throw new IOException("the object was replaced while it was read", e);
    }
    throw e;
  }

  private void restart() {
    filled = 0;
    content = new byte[0];
    etag = null;
  }

  private void receive(ResponseInputStream<GetObjectResponse> answer) throws IOException {
    GetObjectResponse head = answer.response();
    Matcher range = CONTENT_RANGE.matcher(String.valueOf(head.contentRange()));
    if (!range.matches()) {
      throw new StoreException(
          Reason.UNSUPPORTED,
          prefix.place(key),
          "the server ignores ranges (Content-Range is %s); use another one"
              .formatted(head.contentRange()),
          null);
    }
    begin(Long.parseLong(range.group(1)), Long.parseLong(range.group(3)));
    etag = head.eTag();
    while (filled < content.length) {
      int got = answer.read(content, filled, content.length - filled);
      if (got < 0) {
        throw new Failure.ShortAnswer(filled, content.length);
      }
      filled += got;
      requests.countRead(got);
    }
  }

  private void begin(long first, long wholeBytes) throws IOException {
    objectBytes = wholeBytes;
    if (offset < 0) {
      offset = first;
    }
    if (first != offset + filled) {
      throw new IOException(
          "the answer starts at byte %d, want %d".formatted(first, offset + filled));
    }
    if (filled == 0) {
      content = new byte[(int) Math.min(lengthBytes, wholeBytes - offset)];
    }
  }
}
