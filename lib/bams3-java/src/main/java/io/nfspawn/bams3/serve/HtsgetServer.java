package io.nfspawn.bams3.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.serve.HtsgetException.Kind;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers htsget requests for reads. The datasets belong to the caller, who closes them after the
 * server. Thread-safe.
 *
 * <pre>
 * GET|POST /reads/ID            a ticket, or an error
 * GET      /reads/service-info  what this server is
 * GET      /blocks/ID?…         a part of a BAM file, named by a ticket
 * </pre>
 *
 * Bound to a loopback address it answers only clients that call it by such a name: a web page that
 * has its own name resolved to this machine gets nothing. Source: GA4GH htsget 1.3.
 */
public final class HtsgetServer implements AutoCloseable {
  static final String TICKET_TYPE = "application/vnd.ga4gh.htsget.v1.3.0+json; charset=utf-8";

  private static final Logger LOG = LoggerFactory.getLogger(HtsgetServer.class);
  private static final String READS = "/reads/";
  private static final String BLOCKS = "/blocks/";
  private static final String SERVICE_INFO = "service-info";
  private static final int MAX_REQUEST_BYTES = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int BACKLOG = 64;
  private static final int GRACE_SECONDS = 2;
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:\\d+)?");
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Map<String, Dataset> datasets;
  private final HttpServer http;
  private final ExecutorService threads;
  private final @Nullable String allowedOrigin;
  private final AtomicInteger underWay = new AtomicInteger();

  private HtsgetServer(
      Map<String, Dataset> datasets,
      HttpServer http,
      int threadCount,
      @Nullable String allowedOrigin) {
    this.datasets = Map.copyOf(datasets);
    this.http = http;
    this.allowedOrigin = allowedOrigin;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            threadCount, task -> new Thread(task, "bams3-serve-" + number.incrementAndGet()));
  }

  /**
   * Starts a server.
   *
   * @param datasets by id
   * @param address port 0 for any free one
   * @param threads requests answered at a time; others wait
   * @param allowedOrigin web pages of this origin may ask ({@code *}: all pages); null for none
   */
  public static HtsgetServer start(
      Map<String, Dataset> datasets,
      InetSocketAddress address,
      int threads,
      @Nullable String allowedOrigin)
      throws IOException {
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true"); // else answers wait 40 ms
    }
    HttpServer http;
    try {
      http = HttpServer.create(address, BACKLOG);
    } catch (BindException e) {
      throw new Bams3Exception(
          "cannot listen at %s port %d: %s; choose another --port, 0 takes any free one"
              .formatted(address.getHostString(), address.getPort(), e.getMessage()),
          e);
    }
    HtsgetServer server = new HtsgetServer(datasets, http, threads, allowedOrigin);
    http.createContext("/", server::handle);
    http.setExecutor(server.threads);
    http.start();
    return server;
  }

  /** Where a client finds a dataset. */
  public URI url(String id) {
    InetSocketAddress bound = http.getAddress();
    String host = bound.getAddress().getHostAddress();
    return URI.create(
        "http://%s:%d%s%s"
            .formatted(
                host.contains(":") ? "[" + host + "]" : host, bound.getPort(), READS, encoded(id)));
  }

  /** Answers what is under way for a moment longer, then ends. */
  @Override
  public void close() {
    // older JDKs wait for the whole grace even where there is nothing to wait for
    http.stop(underWay.get() == 0 ? 0 : GRACE_SECONDS);
    threads.shutdownNow();
  }

  /**
   * An exchange is closed only when its answer is whole. The HTTP server ends the connection of one
   * that fails, so that a client never takes half an answer for all of it.
   */
  private void handle(HttpExchange exchange) throws IOException {
    underWay.incrementAndGet();
    try {
      respond(exchange);
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void respond(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    try {
      allowOrigin(exchange);
      answer(exchange);
      LOG.info("event=serve.answered request=\"{}\"", asked);
    } catch (HtsgetException e) {
      LOG.info("event=serve.refused request=\"{}\" reason=\"{}\"", asked, e.text());
      refuse(exchange, e);
    } catch (IOException | RuntimeException e) {
      LOG.warn("event=serve.failed request=\"{}\" reason=\"{}\"", asked, e.toString());
      if (exchange.getResponseCode() >= 0) {
        throw e;
      }
      refuse(exchange, new HtsgetException(Kind.INTERNAL, String.valueOf(e.getMessage())));
    }
    exchange.close();
  }

  private void allowOrigin(HttpExchange exchange) {
    if (allowedOrigin != null) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Access-Control-Allow-Origin", allowedOrigin);
      headers.set("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
      headers.set("Access-Control-Allow-Headers", "Content-Type, Range");
      headers.set("Access-Control-Max-Age", "86400");
    }
  }

  private void answer(HttpExchange exchange) throws IOException, HtsgetException {
    String host = host(exchange);
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    if (method.equals("OPTIONS")) {
      exchange.sendResponseHeaders(204, -1);
    } else if (path.equals(READS + SERVICE_INFO)) {
      send(exchange, 200, "application/json", ServiceInfo.toJson());
    } else if (path.startsWith(READS)) {
      ticket(exchange, method, path.substring(READS.length()), host);
    } else if (path.startsWith(BLOCKS)) {
      requireGet(method);
      block(exchange, dataset(path.substring(BLOCKS.length())));
    } else {
      throw new HtsgetException(
          Kind.NOT_FOUND, "there is nothing at " + path + "; ask for /reads/ID");
    }
  }

  private void ticket(HttpExchange exchange, String method, String id, String host)
      throws IOException, HtsgetException {
    Dataset dataset = dataset(id);
    String query = exchange.getRequestURI().getRawQuery();
    ReadsRequest request;
    if (method.equals("POST")) {
      if (query != null) {
        throw new HtsgetException(
            Kind.INVALID_INPUT, "a POST has its parameters in the body, not in the URL");
      }
      request = ReadsRequest.of(body(exchange), dataset);
    } else {
      requireGet(method);
      request = ReadsRequest.of(Parameters.of(query), dataset);
    }
    Ticket ticket = new Ticket(dataset, "http://" + host + BLOCKS + encoded(id));
    send(exchange, 200, TICKET_TYPE, ticket.toJson(request));
  }

  private static void requireGet(String method) throws HtsgetException {
    if (!method.equals("GET")) {
      throw new HtsgetException(Kind.METHOD_NOT_ALLOWED, method + " is not understood; use GET");
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException, HtsgetException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES + 1);
    if (body.length > MAX_REQUEST_BYTES) {
      throw new HtsgetException(
          Kind.PAYLOAD_TOO_LARGE, "the body has more than %d bytes".formatted(MAX_REQUEST_BYTES));
    }
    return body;
  }

  private static void block(HttpExchange exchange, Dataset dataset)
      throws IOException, HtsgetException {
    Block block = Block.of(Parameters.of(exchange.getRequestURI().getRawQuery()));
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.ga4gh.bam");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER_BYTES);
    block.write(dataset, out);
    out.close();
  }

  private Dataset dataset(String id) throws HtsgetException {
    Dataset dataset = datasets.get(id);
    if (dataset == null) {
      throw new HtsgetException(
          Kind.NOT_FOUND,
          "there is no dataset '%s'; there is %s"
              .formatted(id, String.join(", ", datasets.keySet().stream().sorted().toList())));
    }
    return dataset;
  }

  /** What the client calls this server, so that a ticket leads it the same way back. */
  private String host(HttpExchange exchange) throws HtsgetException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    Matcher matcher = HOST.matcher(host == null ? "" : host);
    boolean loopback = http.getAddress().getAddress().isLoopbackAddress();
    if (!matcher.matches() || (loopback && !LOOPBACK_NAMES.contains(matcher.group(1)))) {
      throw new HtsgetException(
          Kind.PERMISSION_DENIED,
          "this server is for clients of this machine; see bams3 serve --bind");
    }
    return matcher.group();
  }

  private static void refuse(HttpExchange exchange, HtsgetException e) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      json.writeObjectFieldStart("htsget");
      json.writeStringField("error", e.kind().label());
      json.writeStringField("message", e.text());
      json.writeEndObject();
      json.writeEndObject();
    }
    send(exchange, e.kind().status(), TICKET_TYPE, out.toByteArray());
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] content)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, content.length);
    exchange.getResponseBody().write(content);
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
