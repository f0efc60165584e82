package io.nfspawn.bams3.store.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * What one answer brings to a {@link RangedGet}. There is room for all of it, so all of it is asked
 * for at once.
 */
final class AnswerBody
    implements AsyncResponseTransformer<GetObjectResponse, byte[]>, Subscriber<ByteBuffer> {
  private final RangedGet get;
  private volatile CompletableFuture<byte[]> content = new CompletableFuture<>();
  private volatile @Nullable Subscription subscription;

  AnswerBody(RangedGet get) {
    this.get = get;
  }

  /** A second time when the first answer told of another region. */
  @Override
  public CompletableFuture<byte[]> prepare() {
    content = new CompletableFuture<>();
    return content;
  }

  @Override
  public void onResponse(GetObjectResponse head) {
    try {
      get.begin(this, head);
    } catch (IOException e) {
      content.completeExceptionally(e);
    }
  }

  @Override
  public void onStream(SdkPublisher<ByteBuffer> publisher) {
    publisher.subscribe(this);
  }

  @Override
  public void exceptionOccurred(Throwable error) {
    content.completeExceptionally(error);
  }

  @Override
  public void onSubscribe(Subscription begun) {
    subscription = begun;
    if (content.isDone()) {
      begun.cancel();
    } else {
      begun.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(ByteBuffer bytes) {
    get.receive(this, bytes);
  }

  @Override
  public void onError(Throwable error) {
    content.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    try {
      content.complete(get.end());
    } catch (IOException e) {
      content.completeExceptionally(e);
    }
  }

  /** The connection of an answer that is not read to its end is closed. */
  void cancel() {
    Subscription begun = subscription;
    if (begun != null) {
      begun.cancel();
    }
  }
}
