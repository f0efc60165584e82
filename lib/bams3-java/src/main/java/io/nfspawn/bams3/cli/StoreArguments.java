package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.S3Options.Encryption;
import io.nfspawn.bams3.store.Traffic;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach {@code s3://} places, beyond what the environment says. */
public final class StoreArguments {
  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      description =
          "Server that speaks S3, instead of Amazon's; AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL by"
              + " default.")
  private @Nullable URI endpoint;

  @Option(
      names = "--s3-region",
      paramLabel = "NAME",
      description = "Region of the bucket; AWS_REGION or the profile's by default.")
  private @Nullable String region;

  @Option(
      names = "--s3-path-style",
      negatable = true,
      description =
          "Whether the bucket stands in the path of URLs, not in the host; yes with an endpoint, no"
              + " without.")
  private @Nullable Boolean pathStyle;

  @Option(
      names = "--s3-anonymous",
      description = "Send unsigned requests, for public buckets; needs no credentials.")
  private boolean anonymous;

  @Option(
      names = "--s3-requester-pays",
      description = "Pay for requests to a bucket whose owner does not.")
  private boolean requesterPays;

  @Option(
      names = "--s3-kms-key",
      paramLabel = "KEY",
      description =
          "KMS key (id, ARN or alias) that encrypts new objects; the bucket's by default.")
  private @Nullable String kmsKey;

  @Option(
      names = "--stats",
      description = "Say at the end, on standard error, what was asked of the bucket.")
  private boolean stats;

  /** The environment's options, changed by these. */
  public S3Options options() {
    S3Options options = S3Options.of(System.getenv());
    options = endpoint == null ? options : options.withEndpoint(endpoint);
    options = region == null ? options : options.withRegion(region);
    options = pathStyle == null ? options : options.withPathStyle(pathStyle);
    options =
        kmsKey == null
            ? options
            : options.withEncryption(new Encryption(Encryption.Kind.KMS, kmsKey));
    return options.withAnonymous(anonymous).withRequesterPays(requesterPays);
  }

  /** Says what reading or writing has cost, if asked to. */
  void report(Traffic traffic) {
    if (stats) {
      System.err.printf(
          "requests %d (%d of them repeats), bytes read %d, bytes written %d%n",
          traffic.requests(), traffic.repeats(), traffic.readBytes(), traffic.writtenBytes());
    }
  }
}
