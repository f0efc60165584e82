package io.nfspawn.transport.core;

import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** An item that an outbox accepted, until it is settled. Guarded by its outbox. */
final class Item {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  final long number;
  final ItemKey key;
  final int lengthBytes;
  final Set<Integer> holders = new TreeSet<>();
  final CompletableFuture<ItemKey> acknowledged = new CompletableFuture<>();
  int attempt;
  long leaseEndNanos;

  /** Read by the channel's thread while it sends; emptied when settled. */
  private volatile ByteBuffer payload;

  private @Nullable RegisteredBuffer owned;

  /** Sends under way that read the payload where it is, and what waits for their end. */
  private int readers;

  private @Nullable Runnable afterReaders;
  private final int checksum;
  private volatile boolean settled;

  Item(long number, ItemKey key, ByteBuffer payload, @Nullable RegisteredBuffer owned) {
    this.number = number;
    this.key = key;
    this.payload = payload.slice();
    this.owned = owned;
    this.lengthBytes = payload.remaining();
    this.checksum = checksumOf(payload.duplicate());
  }

  static int checksumOf(ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }

  boolean isSettled() {
    return settled;
  }

  /**
   * Lets go of the memory and runs {@code then}; both wait until nobody reads the payload any more.
   * Only by the channel's thread, which is the one that sends from it.
   */
  void settle(Runnable then) {
    settled = true;
    if (readers > 0) {
      afterReaders = then;
      return;
    }
    payload = NOTHING;
    RegisteredBuffer buffer = owned;
    owned = null;
    if (buffer != null) {
      buffer.close();
    }
    then.run();
  }

  private void endRead() {
    readers--;
    Runnable waiting = afterReaders;
    if (readers == 0 && waiting != null) {
      afterReaders = null;
      settle(waiting);
    }
  }

  /** The item as parts for one session. */
  Session.Bulk parts(int stream) {
    ByteBuffer keyBytes = Message.utf8(key.value());
    int attemptNow = Math.min(attempt, 0xffff);
    return new Session.Bulk() {
      private int sentBytes;
      private boolean started;

      @Override
      public boolean isDone() {
        return settled || (started && sentBytes == lengthBytes);
      }

      @Override
      public @Nullable Message next(int roomBytes) {
        int headBytes = Message.HEADER_BYTES + keyBytes.remaining();
        int leftBytes = lengthBytes - sentBytes;
        int partBytes = Math.min(leftBytes, roomBytes - headBytes);
        // A sliver at the end of a frame is not worth a message of its own.
        if (partBytes < 0 || (partBytes < leftBytes && partBytes < headBytes)) {
          return null;
        }
        return part(partBytes);
      }

      @Override
      public boolean isWhole() {
        return !started;
      }

      @Override
      public int lengthBytes() {
        return lengthBytes;
      }

      @Override
      public Message hold() {
        readers++;
        return part(lengthBytes);
      }

      @Override
      public void letGo() {
        endRead();
      }

      private Message part(int partBytes) {
        ByteBuffer part = payload.slice(sentBytes, partBytes);
        Message message =
            new Message(
                Message.Type.ITEM,
                attemptNow,
                stream,
                checksum,
                number,
                lengthBytes,
                sentBytes,
                keyBytes,
                part,
                null);
        sentBytes += partBytes;
        started = true;
        return message;
      }
    };
  }
}
