package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.S3Options;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.crt.ProxyConfiguration;
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

  private static final URI AMAZON = URI.create("https://s3.amazonaws.com");

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
            .httpClientBuilder(defaults -> new CalmHttp(http(options).buildWithDefaults(defaults)));
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
  private static AwsCrtAsyncHttpClient.Builder http(S3Options options) {
    return AwsCrtAsyncHttpClient.builder()
        .proxyConfiguration(proxy(options))
        .connectionTimeout(CONNECT_TIMEOUT)
        .connectionHealthConfiguration(
            health -> health.minimumThroughputInBps(1L).minimumThroughputTimeout(SILENCE_TIMEOUT))
        .connectionAcquisitionTimeout(CALL_TIMEOUT)
        .maxConcurrency(2 * options.transfer().requests() + SPARE_CONNECTIONS);
  }

  /**
   * The proxy that system properties or the environment name, spoken to over plain HTTP; CRT's
   * client reads neither by itself.
   */
  private static @Nullable ProxyConfiguration proxy(S3Options options) {
    URI endpoint = options.endpoint() == null ? AMAZON : options.endpoint();
    List<String> schemes =
        "http".equals(endpoint.getScheme()) ? List.of("http") : List.of("https", "http");
    for (String scheme : schemes) {
      ProxyConfiguration named = ProxyConfiguration.builder().scheme(scheme).build();
      if (named.host() != null && !named.host().isEmpty()) {
        String host = String.valueOf(endpoint.getHost()).toLowerCase(Locale.ROOT);
        boolean direct = named.nonProxyHosts().stream().anyMatch(host::matches);
        return direct ? null : plain(named);
      }
    }
    return null;
  }

  private static ProxyConfiguration plain(ProxyConfiguration named) {
    return ProxyConfiguration.builder()
        .useSystemPropertyValues(false)
        .useEnvironmentVariableValues(false)
        .scheme("http")
        .host(named.host())
        .port(named.port())
        .username(named.username())
        .password(named.password())
        .nonProxyHosts(Set.of())
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
