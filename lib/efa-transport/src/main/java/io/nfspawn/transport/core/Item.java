package io.nfspawn.transport.core;

import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.wire.Copies;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** An item that an outbox accepted, until it is settled. Guarded by its outbox. */
final class Item {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int NOBODY = -1;

  final long number;
  final ItemKey key;
  final byte[] keyBytes;
  final int lengthBytes;
  int attempt;
  long leaseEndNanos;

  /** Hashes of the key, where its outbox looks it up. */
  long keyFirst;

  long keySecond;

  /** Who has it: nearly always one. */
  private int holder = NOBODY;

  private @Nullable Set<Integer> moreHolders;
  private volatile @Nullable CompletableFuture<ItemKey> acknowledged;
  private @Nullable RuntimeException failure;

  /** Read by the channel's thread while it sends; emptied when settled. */
  private volatile ByteBuffer payload;

  private @Nullable RegisteredBuffer owned;

  /** Sends under way that read the payload where it is, and what waits for their end. */
  private int readers;

  private @Nullable Runnable afterReaders;
  private final int checksum;
  private volatile boolean settled;

  Item(long number, ItemKey key, ByteBuffer payload, @Nullable RegisteredBuffer owned) {
    this(number, key, Message.utf8Bytes(key.value()), payload, owned, checksumOf(payload));
  }

  /**
   * @param checksum 0 for none
   */
  Item(
      long number,
      ItemKey key,
      byte[] keyBytes,
      ByteBuffer payload,
      @Nullable RegisteredBuffer owned,
      int checksum) {
    this.number = number;
    this.key = key;
    this.keyBytes = keyBytes;
    this.payload = payload.slice();
    this.owned = owned;
    this.lengthBytes = payload.remaining();
    this.checksum = checksum;
  }

  /** CRC-32C of what is between position and limit, which stay. */
  static int checksumOf(ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    return (int) crc.getValue();
  }

  boolean isSettled() {
    return settled;
  }

  int checksum() {
    return checksum;
  }

  // ---- who has it -------------------------------------------------------------------------

  void addHolder(int rank) {
    if (holder == NOBODY || holder == rank) {
      holder = rank;
      return;
    }
    Set<Integer> more = moreHolders == null ? new TreeSet<>() : moreHolders;
    more.add(rank);
    moreHolders = more;
  }

  void removeHolder(int rank) {
    Set<Integer> more = moreHolders;
    if (more != null) {
      more.remove(rank);
    }
    if (holder == rank) {
      holder = NOBODY;
    }
  }

  boolean isHeld() {
    return holder != NOBODY || (moreHolders != null && !moreHolders.isEmpty());
  }

  boolean isHeldBy(int rank) {
    return holder == rank || (moreHolders != null && moreHolders.contains(rank));
  }

  // ---- its end ----------------------------------------------------------------------------

  /** Completed once it is settled. */
  synchronized CompletableFuture<ItemKey> acknowledged() {
    CompletableFuture<ItemKey> future = acknowledged;
    if (future == null) {
      future = new CompletableFuture<>();
      if (failure != null) {
        future.completeExceptionally(failure);
      }
      acknowledged = future;
    }
    return future;
  }

  /** Completes that future; before anybody else knows of the item. */
  void acknowledgedBy(CompletableFuture<ItemKey> future) {
    acknowledged = future;
  }

  /** Completes the future if somebody asked for one; without the outbox's monitor. */
  void complete() {
    CompletableFuture<ItemKey> future = acknowledged;
    if (future != null) {
      future.complete(key);
    }
  }

  /** As the other, for an item that will not be acknowledged any more. */
  void fail(RuntimeException cause) {
    CompletableFuture<ItemKey> future;
    synchronized (this) {
      failure = cause;
      future = acknowledged;
    }
    if (future != null) {
      future.completeExceptionally(cause);
    }
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

  /** As the other, and completes the future then. */
  void settle() {
    if (readers > 0 || owned != null) {
      settle(this::complete);
    } else {
      settled = true;
      payload = NOTHING;
      complete();
    }
  }

  private void endRead() {
    readers--;
    Runnable waiting = afterReaders;
    if (readers == 0 && waiting != null) {
      afterReaders = null;
      settle(waiting);
    }
  }

  // ---- sending ----------------------------------------------------------------------------

  /** The item as parts for one session. */
  Session.Bulk parts(int stream) {
    return new Parts(this, stream, Math.min(attempt, 0xffff));
  }

  /** What of an item was sent in one session. */
  private static final class Parts implements Session.Bulk {
    private final Item item;
    private final int stream;
    private final int attempt;
    private int sentBytes;
    private boolean started;

    Parts(Item item, int stream, int attempt) {
      this.item = item;
      this.stream = stream;
      this.attempt = attempt;
    }

    @Override
    public boolean isDone() {
      return item.settled || (started && sentBytes == item.lengthBytes);
    }

    @Override
    public boolean isWhole() {
      return !started;
    }

    @Override
    public int lengthBytes() {
      return item.lengthBytes;
    }

    @Override
    public boolean write(ByteBuffer out, int roomBytes) {
      int headBytes = Message.HEADER_BYTES + item.keyBytes.length;
      int leftBytes = item.lengthBytes - sentBytes;
      int partBytes = Math.min(leftBytes, roomBytes - headBytes);
      // A sliver at the end of a frame is not worth a message of its own.
      if (partBytes < 0 || (partBytes < leftBytes && partBytes < headBytes)) {
        return false;
      }
      writeHead(out, partBytes, false);
      ByteBuffer bytes = item.payload;
      if (item.settled) {
        // Settled while this was written: nobody waits for it, but the frame has to be whole.
        out.put(new byte[partBytes]);
      } else {
        Copies.count(partBytes);
        out.put(out.position(), bytes, sentBytes, partBytes);
        out.position(out.position() + partBytes);
      }
      sentBytes += partBytes;
      started = true;
      return true;
    }

    private void writeHead(ByteBuffer out, int partBytes, boolean attached) {
      Message.writeItemHead(out, attached, attempt, item.keyBytes.length);
      out.putInt(stream).putInt(item.checksum).putLong(item.number);
      out.putInt(item.lengthBytes).putInt(sentBytes).putInt(partBytes).putInt(0);
      out.put(item.keyBytes);
    }

    @Override
    public ByteBuffer hold(ByteBuffer out) {
      item.readers++;
      writeHead(out, item.lengthBytes, true);
      sentBytes = item.lengthBytes;
      started = true;
      return item.payload;
    }

    @Override
    public void letGo() {
      item.endRead();
    }
  }
}
