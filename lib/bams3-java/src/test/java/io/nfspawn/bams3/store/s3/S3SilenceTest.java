package io.nfspawn.bams3.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nfspawn.bams3.store.S3Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that takes a request and says no more than half of an answer: nobody waits for ever. */
@Timeout(60)
class S3SilenceTest {
  private static final int TOO_LONG_MILLIS = 20_000;
  private static final String HALF_AN_ANSWER =
      "HTTP/1.1 206 Partial Content\r\nContent-Length: 1000\r\nETag: \"1\"\r\n"
          + "Content-Range: bytes 0-999/1000\r\n\r\nonly this";

  private ServerSocket server;
  private S3Store store;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    S3Options options =
        S3Server.options(URI.create("http://127.0.0.1:" + server.getLocalPort()))
            .withTransfer(new S3Options.Transfer(2, 0, 1 << 16, 5 << 20, 1));
    store =
        new S3Store(new S3Prefix("bucket", "p/"), options, S3Clients.of(options), Backoff.DEFAULT);
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    server.close();
  }

  private AtomicReference<Throwable> readOn(AtomicReference<Thread> reader) {
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                store.read("k", 0, 1000);
              } catch (IOException | RuntimeException e) {
                outcome.set(e);
              }
            },
            "reader");
    reader.set(thread);
    thread.start();
    return outcome;
  }

  private Socket answerByHalf() throws IOException {
    Socket connection = server.accept();
    InputStream in = connection.getInputStream();
    assertThat(in.read()).isEqualTo('G');
    connection.getOutputStream().write(HALF_AN_ANSWER.getBytes(StandardCharsets.US_ASCII));
    return connection;
  }

  @Test
  void shouldEndWaitingWhenInterrupted() throws Exception {
    AtomicReference<Thread> reader = new AtomicReference<>();
    AtomicReference<Throwable> outcome = readOn(reader);
    try (Socket connection = answerByHalf()) {
      await().until(() -> store.traffic().readBytes() == 9);
      reader.get().interrupt();
      reader.get().join();
      assertThat(outcome.get())
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("interrupted while waiting for s3://bucket/p/k");
      assertThat(connection.isConnected()).isTrue();
    }
  }

  @Test
  void shouldFailWhatIsUnderWayWhenClosed() throws Exception {
    AtomicReference<Thread> reader = new AtomicReference<>();
    AtomicReference<Throwable> outcome = readOn(reader);
    try (Socket connection = answerByHalf()) {
      await().until(() -> store.traffic().readBytes() == 9);
      store.close();
      reader.get().join();
      assertThat(outcome.get()).hasMessage("s3://bucket/p/k was not read: its store was closed");
      assertThatThrownBy(() -> store.size("k")).hasMessageContaining("its store was closed");
      assertThat(connection.isConnected()).isTrue();
    }
  }

  @Test
  void shouldLeaveNoConnectionOpenWhenClosed() throws Exception {
    AtomicReference<Thread> reader = new AtomicReference<>();
    AtomicReference<Throwable> outcome = readOn(reader);
    try (Socket connection = answerByHalf()) {
      connection.getOutputStream().write(new byte[991]);
      reader.get().join();
      assertThat(outcome.get()).isNull();
      store.close();
      connection.setSoTimeout(TOO_LONG_MILLIS);
      assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
    }
  }

  /** Also those that wait for their turn. */
  @Test
  void shouldStartNothingMoreWhenDropped() throws Exception {
    Turns turns = new Turns(1);
    CompletableFuture<Integer> first = new CompletableFuture<>();
    CompletableFuture<Integer> second = new CompletableFuture<>();
    CompletableFuture<Integer> third = new CompletableFuture<>();
    CompletableFuture<Boolean> thirdStarted = new CompletableFuture<>();
    turns.start(() -> {}, first);
    turns.start(() -> {}, second);
    turns.start(() -> thirdStarted.complete(true), third);
    second.cancel(true);
    assertThat(thirdStarted).isNotDone();
    first.complete(1);
    assertThat(thirdStarted.get()).isTrue();
  }
}
