package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.S3Options;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Builds the SDK's client from our options. */
final class S3Clients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);

  /** Uploads and reads at the same time, each with its own requests. */
  private static final int SPARE_CONNECTIONS = 16;

  private S3Clients() {}

  static S3Client of(S3Options options) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(region(options))
            .crossRegionAccessEnabled(options.endpoint() == null)
            .forcePathStyle(options.usesPathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .overrideConfiguration(configuration(options))
            .httpClientBuilder(
                ApacheHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(SILENCE_TIMEOUT)
                    .maxConnections(2 * options.transfer().requests() + SPARE_CONNECTIONS));
    builder.credentialsProvider(
        options.anonymous()
            ? AnonymousCredentialsProvider.create()
            : DefaultCredentialsProvider.builder().build());
    if (options.endpoint() != null) {
      builder.endpointOverride(options.endpoint());
    }
    return builder.build();
  }

  /** {@link Requests} repeats, so the SDK does not. */
  private static ClientOverrideConfiguration configuration(S3Options options) {
    ClientOverrideConfiguration.Builder builder =
        ClientOverrideConfiguration.builder().retryStrategy(DefaultRetryStrategy.doNotRetry());
    return options.requesterPays()
        ? builder.putHeader("x-amz-request-payer", "requester").build()
        : builder.build();
  }

  /** Another server than Amazon's mostly does not care; Amazon's says where a bucket is. */
  private static Region region(S3Options options) {
    if (options.region() != null) {
      return Region.of(options.region());
    }
    if (options.endpoint() == null) {
      try {
        return DefaultAwsRegionProviderChain.builder().build().getRegion();
      } catch (SdkClientException e) {
        return Region.US_EAST_1; // nothing is configured
      }
    }
    return Region.US_EAST_1;
  }
}
