package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.StoreException;
import io.nfspawn.bams3.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.http.HttpException;

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
    if (e instanceof StoreException) {
      return false; // said by us, of an answer that will not change
    }
    if (e instanceof SdkServiceException answer) {
      return PASSING_STATUS.contains(answer.statusCode())
          || PASSING_CODES.contains(code(answer))
          || (answer.statusCode() == CONFLICT && code(answer).equals("ConditionalRequestConflict"));
    }
    return e instanceof IOException || (e instanceof SdkClientException && !isMissingKey(e));
  }

  /** What was thrown, without the SDK's wrapping where it is of our own making. */
  static Throwable thrown(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException) {
        return cause;
      }
    }
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static boolean isMissingKey(Exception e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("Unable to load credentials") || text.contains("Unable to load region");
  }

  static boolean isStatus(Throwable e, int status) {
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
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof HttpException http) {
      return network(CRT.awsErrorName(http.getErrorCode()), http);
    }
    if (cause instanceof CrtRuntimeException runtime) {
      return network(runtime.errorName, runtime);
    }
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return text.lines().findFirst().orElse(text);
  }

  /** CRT's own names for what every user of a network has seen before. */
  private static String network(String name, Exception e) {
    return switch (String.valueOf(name)) {
      case "AWS_IO_SOCKET_CONNECTION_REFUSED" -> "Connection refused";
      case "AWS_IO_SOCKET_TIMEOUT" -> "Connection timed out";
      case "AWS_IO_DNS_INVALID_NAME", "AWS_IO_DNS_NO_ADDRESS_FOR_HOST" -> "unknown host";
      case "AWS_ERROR_HTTP_CONNECTION_CLOSED" -> "Connection closed by the server";
      case "AWS_ERROR_HTTP_CHANNEL_THROUGHPUT_FAILURE" -> "Connection was silent for too long";
      default -> String.valueOf(e.getMessage());
    };
  }
}
