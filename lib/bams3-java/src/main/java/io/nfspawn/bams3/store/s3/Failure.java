package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.StoreException;
import io.nfspawn.bams3.store.StoreException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What a failed request means, by the server's code where it gave one. */
final class Failure {
  private static final Set<Integer> PASSING_STATUS = Set.of(429, 500, 502, 503, 504);
  private static final Set<String> PASSING_CODES =
      Set.of("RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable", "Throttling");
  private static final int CONFLICT = 409;

  /** An answer that ended before its content did. */
  static final class ShortAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    ShortAnswer(long got, long expected) {
      super("the answer ended after %d of %d bytes".formatted(got, expected));
    }
  }

  private Failure() {}

  /** Whether the same request may well succeed later. */
  static boolean isPassing(Exception e) {
    if (e instanceof AbortedException || e instanceof InterruptedIOException) {
      return isTimeout(e);
    }
    if (e instanceof SdkServiceException answer) {
      return PASSING_STATUS.contains(answer.statusCode())
          || PASSING_CODES.contains(code(answer))
          || (answer.statusCode() == CONFLICT && code(answer).equals("ConditionalRequestConflict"));
    }
    return e instanceof IOException || (e instanceof SdkClientException && !isMissingKey(e));
  }

  /** A socket that timed out is an interruption only by its type. */
  private static boolean isTimeout(Exception e) {
    return e instanceof java.net.SocketTimeoutException;
  }

  private static boolean isMissingKey(Exception e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("Unable to load credentials") || text.contains("Unable to load region");
  }

  static boolean isStatus(Exception e, int status) {
    return e instanceof SdkServiceException answer && answer.statusCode() == status;
  }

  static String code(SdkServiceException e) {
    if (e instanceof AwsServiceException answer && answer.awsErrorDetails() != null) {
      String code = answer.awsErrorDetails().errorCode();
      return code == null ? "" : code;
    }
    return "";
  }

  /**
   * What the caller of the store gets.
   *
   * @param object as a user would write it
   * @param doing such as "read"
   */
  static IOException of(Exception e, String object, String bucket, String doing, int attempts) {
    if (e instanceof StoreException || e instanceof NoSuchFileException) {
      return (IOException) e;
    }
    if (e instanceof AbortedException || (e instanceof InterruptedIOException && !isTimeout(e))) {
      Thread.currentThread().interrupt();
      return new InterruptedIOException("interrupted while waiting for " + object);
    }
    if (isPassing(e)) {
      return new StoreException(
          Reason.UNAVAILABLE,
          object,
          "could not be %s in %d attempts: %s; try again later or check the network and the endpoint"
              .formatted(doing, attempts, brief(e)),
          e);
    }
    return e instanceof SdkServiceException answer
        ? answered(answer, object, bucket, doing)
        : new StoreException(
            Reason.DENIED,
            object,
            "no credentials were found; set AWS_PROFILE or AWS_ACCESS_KEY_ID and"
                + " AWS_SECRET_ACCESS_KEY, or --s3-anonymous for a public bucket",
            e);
  }

  private static IOException answered(
      SdkServiceException e, String object, String bucket, String doing) {
    String code = code(e);
    if (code.equals("NoSuchBucket")) {
      return new StoreException(
          Reason.NO_BUCKET,
          object,
          "there is no bucket %s; check its name and the endpoint".formatted(bucket),
          e);
    }
    return switch (e.statusCode()) {
      case 404 -> new NoSuchFileException(object);
      case 401, 403 ->
          new StoreException(
              Reason.DENIED,
              object,
              "may not be %s (%s); check the credentials (AWS_PROFILE) and the bucket's policy"
                  .formatted(doing, brief(e)),
              e);
      case 501 ->
          new StoreException(
              Reason.UNSUPPORTED,
              object,
              "could not be %s: the server does not support the request (%s); use another one"
                  .formatted(doing, brief(e)),
              e);
      default ->
          new StoreException(
              Reason.REFUSED,
              object,
              "could not be %s: %s; check the request's options".formatted(doing, brief(e)),
              e);
    };
  }

  /** One line: the server's code and status, or the innermost cause. */
  private static String brief(Exception e) {
    if (e instanceof SdkServiceException answer) {
      String code = code(answer);
      return code.isEmpty()
          ? "HTTP status " + answer.statusCode()
          : "%s, HTTP status %d".formatted(code, answer.statusCode());
    }
    Throwable cause = e;
    while (cause instanceof SdkException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return text.lines().findFirst().orElse(text);
  }
}
