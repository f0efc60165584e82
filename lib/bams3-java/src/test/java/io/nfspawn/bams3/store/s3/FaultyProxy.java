package io.nfspawn.bams3.store.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/** Stands before a real S3 server and spoils what passes through it, by the number of the call. */
final class FaultyProxy implements AutoCloseable {

  /** What may go wrong between a client and its server. */
  enum Fault {
    /** 503 SlowDown; the server never sees the request. */
    TURNED_AWAY,
    /** The server does as it is told, but the client hears of an internal error. */
    DONE_BUT_500,
    /** The connection ends before the server sees the request. */
    RESET,
    /** The server does as it is told, but the connection ends before the client hears of it. */
    DONE_BUT_RESET,
    /** The answer ends in the middle; one without content is not spoiled. */
    CUT_SHORT,
    /** A listing shows what the first one showed; other requests are not spoiled. */
    STALE_LISTING
  }

  private static final Set<String> NOT_FORWARDED =
      Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");
  private static final byte[] SLOW_DOWN =
      "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] INTERNAL =
      "<Error><Code>InternalError</Code><Message>We are sorry.</Message></Error>"
          .getBytes(StandardCharsets.US_ASCII);

  static {
    // else each answer waits 40 ms for an acknowledgement
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final URI server;
  private final HttpServer front;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<String, byte[]> firstListings = new ConcurrentHashMap<>();
  private final Object conditional = new Object();
  private volatile Fault fault = Fault.RESET;
  private volatile IntPredicate spoiled = call -> false;

  FaultyProxy(URI server) throws IOException {
    this.server = server;
    this.front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    front.createContext("/", this::handle);
    front.setExecutor(threads);
    front.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + front.getAddress().getPort());
  }

  /** From now on calls are counted from 0 and those that the plan names are spoiled. */
  void spoil(Fault kind, IntPredicate plan) {
    fault = kind;
    spoiled = plan;
    calls.set(0);
    firstListings.clear();
  }

  int calls() {
    return calls.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean spoil = spoiled.test(calls.getAndIncrement());
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (!spoil) {
        answer(exchange, forward(exchange, body));
        return;
      }
      switch (fault) {
        case TURNED_AWAY -> answer(exchange, 503, SLOW_DOWN);
        case DONE_BUT_500 -> {
          forward(exchange, body);
          answer(exchange, 500, INTERNAL);
        }
        case RESET -> {}
        case DONE_BUT_RESET -> forward(exchange, body);
        case CUT_SHORT -> cutShort(exchange, forward(exchange, body));
        case STALE_LISTING -> staleListing(exchange, forward(exchange, body));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Conditional requests one after the other: the servers look first and write then, Amazon's does
   * both as one.
   */
  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    if (exchange.getRequestHeaders().containsKey("If-None-Match")) {
      synchronized (conditional) {
        return forwardNow(exchange, body);
      }
    }
    return forwardNow(exchange, body);
  }

  private HttpResponse<byte[]> forwardNow(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    HttpResponse<byte[]> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (isListing(exchange)) {
      firstListings.putIfAbsent(exchange.getRequestURI().toString(), response.body());
    }
    return response;
  }

  private static boolean isListing(HttpExchange exchange) {
    return String.valueOf(exchange.getRequestURI().getQuery()).contains("list-type");
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    copyHeaders(exchange, response);
    answer(exchange, response.statusCode(), response.body());
  }

  private static void copyHeaders(HttpExchange exchange, HttpResponse<byte[]> response) {
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              boolean headOnly = exchange.getRequestMethod().equals("HEAD");
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))
                  || (headOnly && name.equalsIgnoreCase("content-length"))) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private static void cutShort(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    byte[] body = response.body();
    if (body.length == 0) {
      answer(exchange, response);
      return;
    }
    copyHeaders(exchange, response);
    exchange.sendResponseHeaders(response.statusCode(), body.length);
    exchange.getResponseBody().write(Arrays.copyOf(body, body.length / 2));
    exchange.getResponseBody().flush();
  }

  private void staleListing(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    copyHeaders(exchange, response);
    byte[] first = firstListings.get(exchange.getRequestURI().toString());
    answer(exchange, response.statusCode(), first == null ? response.body() : first);
  }

  @Override
  public void close() {
    front.stop(0);
    threads.shutdownNow();
  }
}
