package io.nfspawn.transport.core;

import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One item of a broadcast, as the application sees it. Its memory is that of the chain's log. */
final class Heard implements Delivery {
  private final BroadcastInbox inbox;
  private final Item item;
  private @Nullable ByteBuffer payload;

  Heard(BroadcastInbox inbox, Item item, ByteBuffer payload) {
    this.inbox = inbox;
    this.item = item;
    this.payload = payload.asReadOnlyBuffer();
  }

  @Override
  public ItemKey key() {
    return item.key;
  }

  @Override
  public ByteBuffer payload() {
    ByteBuffer bytes = payload;
    if (bytes == null) {
      throw new IllegalStateException("payload of " + item.key + " was released");
    }
    return bytes.duplicate();
  }

  @Override
  public int senderRank() {
    return inbox.senderRank();
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public void renew() {}

  @Override
  public void release() {
    payload = null;
  }

  @Override
  public void ack() {
    release();
    inbox.done(item.number);
  }
}
