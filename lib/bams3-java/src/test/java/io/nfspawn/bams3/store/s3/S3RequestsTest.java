package io.nfspawn.bams3.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.S3Options.Encryption;
import io.nfspawn.bams3.store.StoreException;
import io.nfspawn.bams3.store.StoreException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent, and what the caller hears of answers that no sound server gives. */
class S3RequestsTest {
  private final List<Headers> received = new ArrayList<>();
  private final List<Long> pauses = new ArrayList<>();
  private HttpServer server;
  private int status = 200;
  private String code = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      received.add(exchange.getRequestHeaders());
      byte[] body =
          code.isEmpty()
              ? new byte[0]
              : "<Error><Code>%s</Code></Error>".formatted(code).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private S3Options options() {
    return S3Server.options(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  private S3Store store(S3Options options) {
    Backoff backoff =
        new Backoff(
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            limit -> limit,
            (millis, then) -> {
              pauses.add(millis);
              then.run();
            });
    return new S3Store(new S3Prefix("b", "p/"), options, S3Clients.of(options), backoff);
  }

  private StoreException failure(int answer, String errorCode, S3Options options) {
    status = answer;
    code = errorCode;
    try (S3Store store = store(options)) {
      store.read("k", 0, 10);
      throw new AssertionError("read");
    } catch (StoreException e) {
      return e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldWaitUpToTwiceAsLongEachTimeWhenTurnedAway() {
    StoreException e = failure(503, "SlowDown", options());
    assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(e)
        .hasMessage(
            "s3://b/p/k: could not be read in 7 attempts: SlowDown, HTTP status 503; try again"
                + " later or check the network and the endpoint");
    assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
  }

  @Test
  void shouldNotRepeatWhatNoRepeatWillChange() {
    StoreException e = failure(400, "InvalidRequest", options());
    assertThat(e.reason()).isEqualTo(Reason.REFUSED);
    assertThat(e)
        .hasMessage(
            "s3://b/p/k: could not be read: InvalidRequest, HTTP status 400; check the request's"
                + " options");
    assertThat(pauses).isEmpty();
  }

  @Test
  void shouldSayWhatToDoWhenAccessIsDenied() {
    StoreException e = failure(403, "AccessDenied", options());
    assertThat(e.reason()).isEqualTo(Reason.DENIED);
    assertThat(e)
        .hasMessage(
            "s3://b/p/k: may not be read (AccessDenied, HTTP status 403); check the credentials"
                + " (AWS_PROFILE) and the bucket's policy");
  }

  @Test
  void shouldNameTheBucketThatIsMissing() {
    StoreException e = failure(404, "NoSuchBucket", options());
    assertThat(e.reason()).isEqualTo(Reason.NO_BUCKET);
    assertThat(e).hasMessage("s3://b/p/k: there is no bucket b; check its name and the endpoint");
  }

  @Test
  void shouldSayThatAnObjectIsMissing() {
    status = 404;
    code = "NoSuchKey";
    try (S3Store store = store(options())) {
      assertThatThrownBy(() -> store.read("k", 0, 1))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage("s3://b/p/k");
    }
  }

  @Test
  void shouldRefuseAServerThatIgnoresRanges() {
    status = 200;
    code = "whole";
    StoreException e = failure(200, "whole", options());
    assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(e)
        .hasMessage(
            "s3://b/p/k: the server ignores ranges (Content-Range is null); use another one");
  }

  @Test
  void shouldSayThatNobodyListens() {
    S3Options options = options();
    server.stop(0);
    StoreException e = failure(0, "", options);
    assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(e.getMessage())
        .startsWith("s3://b/p/k: could not be read in 7 attempts: Connect")
        .contains("Connection refused");
  }

  @Test
  void shouldSendChecksumEncryptionAndPayer() throws IOException {
    S3Options options =
        options()
            .withRequesterPays(true)
            .withEncryption(new Encryption(Encryption.Kind.KMS, "alias/genomes"));
    try (S3Store store = store(options)) {
      store.putIfAbsent("k", "123456789".getBytes(StandardCharsets.US_ASCII));
    }
    Headers sent = received.get(0);
    assertThat(sent.getFirst("If-None-Match")).isEqualTo("*");
    assertThat(sent.getFirst("x-amz-checksum-crc32c")).isEqualTo("4waSgw==");
    assertThat(sent.getFirst("x-amz-request-payer")).isEqualTo("requester");
    assertThat(sent.getFirst("x-amz-server-side-encryption")).isEqualTo("aws:kms");
    assertThat(sent.getFirst("x-amz-server-side-encryption-aws-kms-key-id"))
        .isEqualTo("alias/genomes");
    assertThat(sent.containsKey("Authorization")).isFalse();
  }

  @Test
  void shouldSignRequestsWhenCredentialsAreThere() throws IOException {
    System.setProperty("aws.accessKeyId", "id");
    System.setProperty("aws.secretAccessKey", "secret");
    try (S3Store store = store(options().withAnonymous(false).withRegion("eu-west-1"))) {
      store.putIfAbsent("k", new byte[1]);
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
    assertThat(received.get(0).getFirst("Authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=id/")
        .contains("/eu-west-1/s3/aws4_request");
  }

  @Test
  void shouldGoThroughTheProxyThatIsNamed() throws IOException {
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", String.valueOf(server.getAddress().getPort()));
    System.setProperty("http.nonProxyHosts", "none.invalid");
    try (S3Store store = store(S3Server.options(URI.create("http://far.invalid")))) {
      store.putIfAbsent("k", new byte[1]);
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
      System.clearProperty("http.nonProxyHosts");
    }
    assertThat(received.get(0).getFirst("Host")).isEqualTo("far.invalid");
  }
}
