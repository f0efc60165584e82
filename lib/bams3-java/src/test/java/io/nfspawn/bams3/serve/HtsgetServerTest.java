package io.nfspawn.bams3.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Samtools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtsgetServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir static Path dir;
  private static Path bam;
  private static Dataset sorted;
  private static Dataset unsorted;
  private static HtsgetServer server;

  @BeforeAll
  static void start() throws IOException {
    bam = dir.resolve("sorted.bam");
    new GeneratedBam(5)
        .addRecords(800)
        .sortByCoordinate()
        .write(bam, GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
    Samtools.run("index", bam.toString());
    Path shuffled = dir.resolve("shuffled.bam");
    new GeneratedBam(6).addRecords(50).write(shuffled, GeneratedBam.header(""));
    sorted = Dataset.open(Datasets.convert(bam, dir.resolve("sorted.bams3")));
    unsorted = Dataset.open(Datasets.convert(shuffled, dir.resolve("shuffled.bams3")));
    server =
        HtsgetServer.start(
            Map.of("my sample", sorted, "shuffled", unsorted), ANY_PORT, 4, "https://igv.org");
  }

  @AfterAll
  static void stop() {
    server.close();
    sorted.close();
    unsorted.close();
  }

  @ParameterizedTest
  @CsvSource({
    "chr1, 0, 300000",
    "chr1, 1000, 1001",
    "HLA-A*01:01:01:01, 50000, 90000",
    "odd/name, 0, 4000000000",
    "empty, 0, 10"
  })
  void shouldGiveSamtoolsTheRecordsOfARegion(String contig, long start, long end)
      throws IOException {
    String url =
        "%s?format=BAM&referenceName=%s&start=%d&end=%d"
            .formatted(server.url("my sample"), encoded(contig), start, end);
    String region = "{%s}:%d-%d".formatted(contig, start + 1, Math.min(end, 300_000));
    assertThat(Samtools.text("view", url)).isEqualTo(Samtools.view(bam, region));
  }

  @Test
  void shouldGiveSamtoolsAllAndTheUnplaced() throws IOException {
    String url = server.url("my sample").toString();
    assertThat(Samtools.text("view", "-h", "--no-PG", url))
        .isEqualTo(Samtools.text("view", "-h", "--no-PG", bam.toString()));
    assertThat(Samtools.text("view", url + "?referenceName=*"))
        .isEqualTo(Samtools.view(bam, "*"))
        .isNotEmpty();
    assertThat(Samtools.text("view", "-H", "--no-PG", url + "?class=header"))
        .isEqualTo(Samtools.text("view", "-H", "--no-PG", bam.toString()));
    assertThat(Samtools.text("view", "-c", url + "?class=header")).isEqualTo("0\n");
  }

  @Test
  void shouldGiveSeveralRegionsOnceEachWhenPosted() throws Exception {
    String body =
        """
        {"format": "BAM", "fields": ["QNAME"], "regions": [
          {"referenceName": "odd/name", "start": 10, "end": 60000},
          {"referenceName": "chr1", "start": 20000, "end": 50000},
          {"referenceName": "chr1", "start": 40000, "end": 70000},
          {"referenceName": "chrM"}]}
        """;
    HttpResponse<byte[]> answer = post(body);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(HtsgetServer.TICKET_TYPE);
    Path received = Files.write(dir.resolve("received.bam"), bamOf(answer.body()));
    assertThat(Samtools.text("view", received.toString()))
        .isEqualTo(
            Samtools.view(
                bam, "chr1:20001-50000", "chr1:40001-70000", "odd/name:11-60000", "chrM"));
  }

  @Test
  void shouldRefuseRegionsOfUnsortedRecordsButGiveThemAll() throws Exception {
    String url = server.url("shuffled").toString();
    assertThat(Samtools.text("view", url)).isEqualTo(Samtools.view(dir.resolve("shuffled.bam")));
    JsonNode error = JSON.readTree(get(url + "?referenceName=chr1").body()).get("htsget");
    assertThat(error.get("error").asText()).isEqualTo("InvalidInput");
    assertThat(error.get("message").asText())
        .isEqualTo("the records are not coordinate sorted, so regions cannot be asked for");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "my%20sample?format=CRAM|400|UnsupportedFormat|format is CRAM; only BAM can be had",
        "nobody|404|NotFound|there is no dataset 'nobody'; there is my sample, shuffled",
        "my%20sample?referenceName=chr9|404|NotFound|there is no reference chr9 in the header",
        "my%20sample?start=5|400|InvalidInput|start and end need a referenceName",
        "my%20sample?referenceName=*&start=5|400|InvalidInput|referenceName * has no start and end",
        "my%20sample?referenceName=chr1&start=9&end=5|400|InvalidRange|end 5 lies before start 9",
        "my%20sample?referenceName=chr1&start=300000|400|InvalidRange|start 300000 lies behind the end of chr1, which has 300000 bases",
        "my%20sample?referenceName=chr1&start=-1|400|InvalidInput|start is '-1'; it must be a number from 0 to 4294967295",
        "my%20sample?class=body|400|InvalidInput|class is body; it can only be header",
        "my%20sample?class=header&referenceName=chr1|400|InvalidInput|referenceName cannot be asked for together with class=header",
        "my%20sample?tags=NM,MD&notags=MD|400|InvalidInput|tag MD is in both tags and notags",
        "my%20sample?format=BAM&format=BAM|400|InvalidInput|parameter format is given twice"
      })
  void shouldAnswerBadRequestsAsTheProtocolSays(
      String path, int status, String error, String message) throws Exception {
    HttpResponse<byte[]> answer = get(server.url("").resolve(path).toString());
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(HtsgetServer.TICKET_TYPE);
    JsonNode htsget = JSON.readTree(answer.body()).get("htsget");
    assertThat(htsget.get("error").asText()).isEqualTo(error);
    assertThat(htsget.get("message").asText()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|the body is not a JSON object",
        "{\"regions\": []}|regions must be an array of at least one region",
        "{\"regions\": [{\"start\": 1}]}|a region needs a referenceName",
        "{\"class\": \"header\", \"regions\": []}|regions cannot be asked for together with class=header",
        "{\"format\": 3}|format must be a string"
      })
  void shouldRefuseBadBodies(String body, String message) throws Exception {
    HttpResponse<byte[]> answer = post(body);
    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode htsget = JSON.readTree(answer.body()).get("htsget");
    assertThat(htsget.get("message").asText()).isEqualTo(message);
  }

  @Test
  void shouldEndTheConnectionWhenADatasetBreaksUnderAnAnswer() throws Exception {
    Path broken = Datasets.convert(bam, dir.resolve("broken.bams3"));
    try (Dataset dataset = Dataset.open(broken);
        HtsgetServer other = HtsgetServer.start(Map.of("b", dataset), ANY_PORT, 2, null)) {
      try (Stream<Path> files = Files.walk(broken.resolve("data"))) {
        for (Path file : files.filter(Files::isRegularFile).skip(3).toList()) {
          Files.delete(file);
        }
      }
      JsonNode urls = urls(get(other.url("b").toString()).body());
      assertThatThrownBy(() -> get(urls.get(1).get("url").asText()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void shouldAnswerOnlyWhoCallsItByALocalName() throws Exception {
    assertThat(raw("evil.example")).startsWith("HTTP/1.1 403").contains("PermissionDenied");
    assertThat(raw("localhost:" + server.url("").getPort()))
        .startsWith("HTTP/1.1 200")
        .contains("http://localhost:");
  }

  @Test
  void shouldSayWhatItIsAndWhoseWebPagesMayAsk() throws Exception {
    HttpResponse<byte[]> answer = get(server.url("service-info").toString());
    assertThat(JSON.readTree(answer.body()).at("/type/artifact").asText()).isEqualTo("htsget");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .hasValue("https://igv.org");
  }

  @Test
  void shouldSayThatAPortIsTaken() {
    int port = server.url("").getPort();
    assertThatThrownBy(
            () ->
                HtsgetServer.start(
                    Map.of(),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    1,
                    null))
        .isInstanceOf(Bams3Exception.class)
        .hasMessageMatching(
            "cannot listen at \\S+ port %d: Address already in use; choose another --port, 0 takes any free one"
                .formatted(port));
  }

  private static String raw(String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.url("").getPort())) {
      String request =
          "GET /reads/shuffled HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static HttpResponse<byte[]> get(String url) throws Exception {
    return CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> post(String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(server.url("my sample")).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofByteArray());
  }

  private static JsonNode urls(byte[] ticket) throws IOException {
    return JSON.readTree(ticket).at("/htsget/urls");
  }

  /** What a client makes of a ticket: the parts, one after the other. */
  private static byte[] bamOf(byte[] ticket) throws Exception {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (JsonNode part : urls(ticket)) {
      String url = part.get("url").asText();
      whole.write(
          url.startsWith("data:")
              ? Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1))
              : get(url).body());
    }
    return whole.toByteArray();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
