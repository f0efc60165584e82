package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.S3Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The requests that write. Each carries the CRC32C of its content, which the server compares.
 * Thread-safe.
 */
final class ObjectWrites {
  /** Tells our own object from another's when an answer was lost and the request repeated. */
  private static final String WRITER = "bams3-writer";

  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_FOUND = 404;

  private final S3Client client;
  private final S3Prefix prefix;
  private final Requests requests;
  private final S3Options options;
  private final String writer = UUID.randomUUID().toString();
  private final AtomicLong marks = new AtomicLong();

  ObjectWrites(S3Client client, S3Prefix prefix, Requests requests, S3Options options) {
    this.client = client;
    this.prefix = prefix;
    this.requests = requests;
    this.options = options;
  }

  void put(String key, byte[] content) throws IOException {
    PutObjectRequest request = request(key, content).build();
    requests.send(key, "written", number -> client.putObject(request, body(content)));
    requests.countWritten(content.length);
  }

  /** Whether the object was written; false when there is one of that key already. */
  boolean putIfAbsent(String key, byte[] content) throws IOException {
    String mark = writer + "-" + marks.incrementAndGet();
    PutObjectRequest request =
        request(key, content).ifNoneMatch("*").metadata(Map.of(WRITER, mark)).build();
    boolean written =
        requests.send(
            key,
            "written",
            number -> {
              try {
                client.putObject(request, body(content));
                return true;
              } catch (S3Exception e) {
                if (e.statusCode() != PRECONDITION_FAILED) {
                  throw e;
                }
                return number > 1 && isOurs(key, mark, content.length);
              }
            });
    requests.countWritten(written ? content.length : 0);
    return written;
  }

  private boolean isOurs(String key, String mark, long sizeBytes) throws IOException {
    HeadObjectRequest.Builder request =
        HeadObjectRequest.builder().bucket(prefix.bucket()).key(prefix.key(key));
    HeadObjectResponse head =
        requests.send(key, "looked up", number -> client.headObject(request.build()));
    return mark.equals(head.metadata().get(WRITER)) && head.contentLength() == sizeBytes;
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
        .send(key, "written", number -> client.createMultipartUpload(request.build()))
        .uploadId();
  }

  CompletedPart part(String key, String uploadId, int number, byte[] content) throws IOException {
    String crc = crc32c(content);
    UploadPartResponse answer =
        requests.send(
            key,
            "written",
            attempt ->
                client.uploadPart(
                    request -> {
                      request.bucket(prefix.bucket()).key(prefix.key(key)).uploadId(uploadId);
                      request.partNumber(number).checksumCRC32C(crc);
                    },
                    body(content)));
    requests.countWritten(content.length);
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(answer.eTag())
        .checksumCRC32C(crc)
        .build();
  }

  /** An upload that is gone when asked a second time was completed by the first. */
  void complete(String key, String uploadId, List<CompletedPart> parts, long sizeBytes)
      throws IOException {
    requests.send(
        key,
        "written",
        number -> {
          try {
            return client.completeMultipartUpload(
                request -> {
                  request.bucket(prefix.bucket()).key(prefix.key(key)).uploadId(uploadId);
                  request.multipartUpload(upload -> upload.parts(parts));
                });
          } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND && number > 1 && isOurs(key, writer, sizeBytes)) {
              return "completed";
            }
            throw e;
          }
        });
  }

  void abort(String key, String uploadId) throws IOException {
    requests.send(
        key,
        "dropped",
        number -> {
          try {
            return client.abortMultipartUpload(
                request -> {
                  request.bucket(prefix.bucket()).key(prefix.key(key)).uploadId(uploadId);
                });
          } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
              return "gone";
            }
            throw e;
          }
        });
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

  private static RequestBody body(byte[] content) {
    return RequestBody.fromByteBuffer(ByteBuffer.wrap(content));
  }

  private static String crc32c(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, content.length);
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
