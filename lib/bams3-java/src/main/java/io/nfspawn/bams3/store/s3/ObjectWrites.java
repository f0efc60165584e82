package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.S3Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * The requests that write. Each carries the CRC32C of its content, which the server compares.
 * Thread-safe.
 */
final class ObjectWrites {
  /** Tells our own object from another's when an answer was lost and the request repeated. */
  private static final String WRITER = "bams3-writer";

  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_FOUND = 404;
  private static final CompletableFuture<Boolean> DONE = CompletableFuture.completedFuture(true);

  private final S3AsyncClient client;
  private final S3Prefix prefix;
  private final Requests requests;
  private final S3Options options;
  private final String writer = UUID.randomUUID().toString();
  private final AtomicLong marks = new AtomicLong();

  ObjectWrites(S3AsyncClient client, S3Prefix prefix, Requests requests, S3Options options) {
    this.client = client;
    this.prefix = prefix;
    this.requests = requests;
    this.options = options;
  }

  void put(String key, byte[] content) throws IOException {
    PutObjectRequest request = request(key, content).build();
    requests.ask(key, "written", number -> client.putObject(request, body(content)));
    requests.countWritten(content.length);
  }

  /** Whether the object was written; false when there is one of that key already. */
  boolean putIfAbsent(String key, byte[] content) throws IOException {
    String mark = writer + "-" + marks.incrementAndGet();
    PutObjectRequest request =
        request(key, content).ifNoneMatch("*").metadata(Map.of(WRITER, mark)).build();
    boolean written =
        requests.ask(
            key,
            "written",
            number ->
                Requests.recover(
                    client.putObject(request, body(content)).thenApply(answer -> true),
                    e ->
                        Failure.isStatus(e, PRECONDITION_FAILED)
                            ? isOurs(number, key, mark, content.length)
                            : CompletableFuture.failedFuture(e)));
    requests.countWritten(written ? content.length : 0);
    return written;
  }

  /** Whether what is there was put by an earlier attempt, whose answer was lost. */
  private CompletableFuture<Boolean> isOurs(int number, String key, String mark, long sizeBytes) {
    if (number == 1) {
      return CompletableFuture.completedFuture(false);
    }
    HeadObjectRequest.Builder request =
        HeadObjectRequest.builder().bucket(prefix.bucket()).key(prefix.key(key));
    return requests
        .send(key, "looked up", again -> client.headObject(request.build()))
        .thenApply(
            head -> mark.equals(head.metadata().get(WRITER)) && head.contentLength() == sizeBytes);
  }

  String begin(String key) throws IOException {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder()
            .bucket(prefix.bucket())
            .key(prefix.key(key))
            .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
            .metadata(Map.of(WRITER, writer));
    if (options.encryption().kind() == S3Options.Encryption.Kind.KMS) {
      request.serverSideEncryption(ServerSideEncryption.AWS_KMS);
      request.ssekmsKeyId(options.encryption().kmsKeyId());
    }
    return requests
        .ask(key, "written", number -> client.createMultipartUpload(request.build()))
        .uploadId();
  }

  /** Sent when it is its turn; the content stays as it is until then. */
  CompletableFuture<CompletedPart> part(String key, String uploadId, int number, byte[] content) {
    String crc = crc32c(content);
    return requests
        .sendInTurn(
            key,
            "written",
            attempt ->
                client.uploadPart(
                    request -> {
                      request.bucket(prefix.bucket()).key(prefix.key(key)).uploadId(uploadId);
                      request.partNumber(number).checksumCRC32C(crc);
                    },
                    body(content)))
        .thenApply(
            answer -> {
              requests.countWritten(content.length);
              return CompletedPart.builder()
                  .partNumber(number)
                  .eTag(answer.eTag())
                  .checksumCRC32C(crc)
                  .build();
            });
  }

  /** An upload that is gone when asked a second time was completed by the first. */
  void complete(String key, String uploadId, List<CompletedPart> parts, long sizeBytes)
      throws IOException {
    requests.ask(
        key,
        "written",
        number ->
            Requests.recover(
                client
                    .completeMultipartUpload(
                        request -> {
                          request.bucket(prefix.bucket()).key(prefix.key(key)).uploadId(uploadId);
                          request.multipartUpload(upload -> upload.parts(parts));
                        })
                    .thenApply(answer -> true),
                e ->
                    Failure.isStatus(e, NOT_FOUND)
                        ? isOurs(number, key, writer, sizeBytes)
                            .thenCompose(ours -> ours ? DONE : CompletableFuture.failedFuture(e))
                        : CompletableFuture.failedFuture(e)));
  }

  void abort(String key, String uploadId) throws IOException {
    requests.ask(
        key,
        "dropped",
        number ->
            Requests.recover(
                client
                    .abortMultipartUpload(
                        request -> {
                          request.bucket(prefix.bucket()).key(prefix.key(key)).uploadId(uploadId);
                        })
                    .thenApply(answer -> true),
                e ->
                    Failure.isStatus(e, NOT_FOUND) // gone already
                        ? DONE
                        : CompletableFuture.failedFuture(e)));
  }

  private PutObjectRequest.Builder request(String key, byte[] content) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(prefix.bucket())
            .key(prefix.key(key))
            .checksumCRC32C(crc32c(content));
    if (options.encryption().kind() == S3Options.Encryption.Kind.KMS) {
      request.serverSideEncryption(ServerSideEncryption.AWS_KMS);
      request.ssekmsKeyId(options.encryption().kmsKeyId());
    }
    return request;
  }

  private static AsyncRequestBody body(byte[] content) {
    return AsyncRequestBody.fromBytesUnsafe(content);
  }

  private static String crc32c(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, content.length);
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
