package io.nfspawn.bams3.store.s3;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/**
 * An HTTP client that asks for content to send only when it is not being given some. Up to SDK
 * 2.40.2 what holds content signed for plain HTTP ({@code InMemoryPublisher}) turns for ever when
 * it is asked from within, as CRT's client does for content longer than its buffer.
 */
final class CalmHttp implements SdkAsyncHttpClient {
  private final SdkAsyncHttpClient client;

  CalmHttp(SdkAsyncHttpClient client) {
    this.client = client;
  }

  @Override
  public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
    return client.execute(
        AsyncExecuteRequest.builder()
            .request(request.request())
            .requestContentPublisher(new Content(request.requestContentPublisher()))
            .responseHandler(request.responseHandler())
            .fullDuplex(request.fullDuplex())
            .metricCollector(request.metricCollector().orElse(null))
            .httpExecutionAttributes(request.httpExecutionAttributes())
            .build());
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  private record Content(SdkHttpContentPublisher content) implements SdkHttpContentPublisher {
    @Override
    public Optional<Long> contentLength() {
      return content.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      content.subscribe(new Calm(subscriber));
    }
  }

  /** Both ends of one subscription. */
  private static final class Calm implements Subscriber<ByteBuffer>, Subscription {
    private final Subscriber<? super ByteBuffer> subscriber;
    private final AtomicLong wanted = new AtomicLong();
    private final AtomicInteger asking = new AtomicInteger();
    private @Nullable Subscription source;

    Calm(Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Subscription begun) {
      source = begun;
      subscriber.onSubscribe(this);
    }

    /**
     * Only the outermost call asks; those from within, or from another thread, leave it to that.
     */
    @Override
    public void request(long count) {
      wanted.accumulateAndGet(count, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
      Subscription from = source;
      if (from == null || asking.getAndIncrement() != 0) {
        return;
      }
      int heard = 1;
      do {
        long now = wanted.getAndSet(0);
        if (now > 0) {
          from.request(now);
        }
        heard = asking.addAndGet(-heard);
      } while (heard != 0);
    }

    @Override
    public void cancel() {
      Subscription from = source;
      if (from != null) {
        from.cancel();
      }
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      subscriber.onNext(bytes);
    }

    @Override
    public void onError(Throwable error) {
      subscriber.onError(error);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }
}
