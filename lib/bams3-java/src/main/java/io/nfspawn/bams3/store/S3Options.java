package io.nfspawn.bams3.store;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach S3 or a server that speaks its language. What is absent here follows the AWS SDK:
 * credentials and region come from its default chains (environment, {@code ~/.aws}, instance role).
 *
 * @param endpoint of another server than Amazon's; null for Amazon's
 * @param region null for the default chain's, then us-east-1
 * @param pathStyle whether the bucket stands in the path, not in the host name; null for yes where
 *     an endpoint is given
 * @param anonymous whether requests are not signed
 * @param encryption what new objects are encrypted with
 * @param requesterPays whether the caller's account pays for requests to others' buckets
 * @param transfer sizes and limits
 */
public record S3Options(
    @Nullable URI endpoint,
    @Nullable String region,
    @Nullable Boolean pathStyle,
    boolean anonymous,
    Encryption encryption,
    boolean requesterPays,
    Transfer transfer) {

  /**
   * Encryption of new objects by the server.
   *
   * @param kind what holds the key
   * @param kmsKeyId id, ARN or alias of a KMS key; null for the bucket's or the account's
   */
  public record Encryption(Kind kind, @Nullable String kmsKeyId) {
    /** What holds the key. */
    public enum Kind {
      /** As the bucket does by itself. */
      BUCKET_DEFAULT,
      /** AWS Key Management Service. */
      KMS
    }

    public static final Encryption BUCKET_DEFAULT = new Encryption(Kind.BUCKET_DEFAULT, null);
  }

  /**
   * Sizes and limits; they bound memory: requests at a time × bytes of each.
   *
   * @param requests at a time, 1 to 256
   * @param gapBytes ranges of an object that lie no further apart are fetched by one request
   * @param requestBytes longest range fetched by one request where several could be, 64 KiB or more
   * @param partBytes of an upload in parts, 5 MiB or more; shorter objects are put whole
   * @param attempts of a request before its failure counts, 1 to 20
   */
  public record Transfer(
      int requests, int gapBytes, int requestBytes, int partBytes, int attempts) {
    public static final Transfer DEFAULT = new Transfer(16, 1 << 17, 1 << 23, 1 << 23, 7);

    public Transfer {
      List<String> problems = new ArrayList<>();
      check(problems, "requests at a time", requests, 1, 256);
      check(problems, "gap bytes", gapBytes, 0, 1 << 26);
      check(problems, "request bytes", requestBytes, 1 << 16, 1 << 28);
      check(problems, "part bytes", partBytes, 5 << 20, 1 << 28);
      check(problems, "attempts", attempts, 1, 20);
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", problems));
      }
    }

    private static void check(List<String> problems, String what, int value, int least, int most) {
      if (value < least || value > most) {
        problems.add("%s is %d; it must be %d to %d".formatted(what, value, least, most));
      }
    }
  }

  /** Amazon's S3 with all defaults. */
  public static final S3Options DEFAULT =
      new S3Options(null, null, null, false, Encryption.BUCKET_DEFAULT, false, Transfer.DEFAULT);

  /**
   * The defaults, changed by what the environment says: {@code AWS_ENDPOINT_URL_S3} before {@code
   * AWS_ENDPOINT_URL}, {@code AWS_REGION} before {@code AWS_DEFAULT_REGION}. Credentials are not
   * read here.
   */
  public static S3Options of(Map<String, String> environment) {
    S3Options options = DEFAULT;
    String endpoint = first(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
    if (endpoint != null) {
      options = options.withEndpoint(URI.create(endpoint));
    }
    String region = first(environment, "AWS_REGION", "AWS_DEFAULT_REGION");
    return region == null ? options : options.withRegion(region);
  }

  private static @Nullable String first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.get(name);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }

  public S3Options withEndpoint(URI changed) {
    return new S3Options(
        changed, region, pathStyle, anonymous, encryption, requesterPays, transfer);
  }

  public S3Options withRegion(String changed) {
    return new S3Options(
        endpoint, changed, pathStyle, anonymous, encryption, requesterPays, transfer);
  }

  public S3Options withPathStyle(boolean changed) {
    return new S3Options(endpoint, region, changed, anonymous, encryption, requesterPays, transfer);
  }

  public S3Options withAnonymous(boolean changed) {
    return new S3Options(endpoint, region, pathStyle, changed, encryption, requesterPays, transfer);
  }

  public S3Options withEncryption(Encryption changed) {
    return new S3Options(endpoint, region, pathStyle, anonymous, changed, requesterPays, transfer);
  }

  public S3Options withRequesterPays(boolean changed) {
    return new S3Options(endpoint, region, pathStyle, anonymous, encryption, changed, transfer);
  }

  public S3Options withTransfer(Transfer changed) {
    return new S3Options(
        endpoint, region, pathStyle, anonymous, encryption, requesterPays, changed);
  }

  /** Whether the bucket stands in the path. */
  public boolean usesPathStyle() {
    return pathStyle != null ? pathStyle : endpoint != null;
  }
}
