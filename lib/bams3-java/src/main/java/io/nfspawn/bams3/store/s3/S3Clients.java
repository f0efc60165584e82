package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.S3Options;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/** Builds the SDK's client from our options. */
final class S3Clients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);

  /** Of one attempt: the longest part, of 1 GiB, at a megabyte a second. */
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(15);

  /** Uploads and reads at the same time, each with its own requests. */
  private static final int SPARE_CONNECTIONS = 16;

  private S3Clients() {}

  static S3AsyncClient of(S3Options options) {
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .region(region(options))
            .crossRegionAccessEnabled(options.endpoint() == null)
            .forcePathStyle(options.usesPathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .overrideConfiguration(configuration(options))
            .asyncConfiguration(
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .httpClient(new CalmHttp(http(options)));
    builder.credentialsProvider(
        options.anonymous()
            ? AnonymousCredentialsProvider.create()
            : DefaultCredentialsProvider.builder().build());
    if (options.endpoint() != null) {
      builder.endpointOverride(options.endpoint());
    }
    return builder.build();
  }

  /** A connection over which nothing comes or goes for long is closed, and its request failed. */
  private static SdkAsyncHttpClient http(S3Options options) {
    return AwsCrtAsyncHttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .connectionHealthConfiguration(
            health -> health.minimumThroughputInBps(1L).minimumThroughputTimeout(SILENCE_TIMEOUT))
        .connectionAcquisitionTimeout(CALL_TIMEOUT)
        .maxConcurrency(2 * options.transfer().requests() + SPARE_CONNECTIONS)
        .build();
  }

  /** {@link Requests} repeats, so the SDK does not. */
  private static ClientOverrideConfiguration configuration(S3Options options) {
    ClientOverrideConfiguration.Builder builder =
        ClientOverrideConfiguration.builder()
            .apiCallAttemptTimeout(CALL_TIMEOUT)
            .retryStrategy(DefaultRetryStrategy.doNotRetry());
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
