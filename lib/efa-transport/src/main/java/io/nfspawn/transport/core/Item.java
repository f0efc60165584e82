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

/**
 * An item that an outbox accepted, until it is settled. A short payload is copied into it; such an
 * object is used again for another item. Guarded by its outbox.
 */
final class Item {
  /** Payloads up to this length may be copied. */
  static final int MOST_COPIED_BYTES = 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final byte[] NO_BYTES = {};
  private static final int NOBODY = -1;

  long number;
  ItemKey key;
  int lengthBytes;
  int attempt;
  long leaseEndNanos;

  /** Its key in UTF-8, and behind that the payload if it is copied. */
  private byte[] bytes;

  private int keyBytes;
  private boolean copied;

  /** Who has it: nearly always one. */
  private int holder = NOBODY;

  private @Nullable Set<Integer> moreHolders;

  /** Its neighbours in the list of its first holder; that {@link Receiver}'s. */
  @Nullable Item before;

  @Nullable Item behind;
  private volatile @Nullable CompletableFuture<ItemKey> acknowledged;
  private @Nullable RuntimeException failure;

  /** If it is not copied; read by the channel's thread while it sends; emptied when settled. */
  private volatile ByteBuffer payload;

  private @Nullable RegisteredBuffer owned;

  /** Sends under way that read the payload where it is, and what waits for their end. */
  private int readers;

  private @Nullable Runnable afterReaders;
  private int checksum;
  private volatile boolean settled;

  /** For the first session it goes to. */
  private final Parts first = new Parts(this);

  private int handedOut;

  /** An empty one, to be filled with {@link #copy} or {@link #keep}. */
  Item(ItemKey key) {
    this.key = key;
    this.bytes = NO_BYTES;
    this.payload = NOTHING;
  }

  /** One whose payload stays where it is. */
  Item(long number, ItemKey key, ByteBuffer payload, @Nullable RegisteredBuffer owned) {
    this(key);
    byte[] utf8 = Message.utf8Bytes(key.value());
    keep(number, key, utf8, utf8.length, payload, owned);
    checksum = checksumOf(payload);
  }

  /** Becomes that item, with a copy of its payload. */
  void copy(long itsNumber, ItemKey itsKey, byte[] keyUtf8, int keyLength, ByteBuffer from) {
    begin(itsNumber, itsKey, keyUtf8, keyLength, from.remaining(), from.remaining());
    from.get(from.position(), bytes, keyLength, lengthBytes);
    copied = true;
  }

  /** Becomes that item, whose payload stays where it is. */
  void keep(
      long itsNumber,
      ItemKey itsKey,
      byte[] keyUtf8,
      int keyLength,
      ByteBuffer itsPayload,
      @Nullable RegisteredBuffer itsOwned) {
    begin(itsNumber, itsKey, keyUtf8, keyLength, itsPayload.remaining(), 0);
    // What the application still has it may move; what it gave away stays as it is.
    payload = itsOwned == null ? itsPayload.slice() : itsPayload;
    owned = itsOwned;
    copied = false;
  }

  private void begin(
      long itsNumber,
      ItemKey itsKey,
      byte[] keyUtf8,
      int keyLength,
      int itsLengthBytes,
      int copiedBytes) {
    number = itsNumber;
    key = itsKey;
    keyBytes = keyLength;
    lengthBytes = itsLengthBytes;
    checksum = 0;
    int most = keyLength + copiedBytes;
    if (bytes.length < most) {
      bytes = new byte[(most + 31) & -32];
    }
    System.arraycopy(keyUtf8, 0, bytes, 0, keyLength);
    settled = false;
    attempt = 0;
    handedOut = 0;
    holder = NOBODY;
    moreHolders = null;
    acknowledged = null;
  }

  void checkedBy(int itsChecksum) {
    checksum = itsChecksum;
  }

  /** Gives a copied one its checksum. */
  void check(CRC32C crc) {
    crc.reset();
    crc.update(bytes, keyBytes, lengthBytes);
    checksum = (int) crc.getValue();
  }

  /** True when nothing refers to it any more once it is settled: it can become another item. */
  boolean isSpare() {
    return settled && readers == 0 && handedOut == 1 && first.isWritten() && failure == null;
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

  /** True when it is in the list of that holder. */
  boolean isFirstHeldBy(int rank) {
    return holder == rank;
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
    letGo();
    then.run();
  }

  private void letGo() {
    payload = NOTHING;
    RegisteredBuffer buffer = owned;
    owned = null;
    if (buffer != null) {
      buffer.close();
    }
  }

  /** As the other, and completes the future then. */
  void settle() {
    if (readers > 0) {
      settle(this::complete);
    } else {
      settled = true;
      letGo();
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
    Parts parts = handedOut++ == 0 ? first : new Parts(this);
    parts.begin(stream, Math.min(attempt, 0xffff));
    return parts;
  }

  /** What of an item was sent in one session. */
  private static final class Parts implements Session.Bulk {
    private final Item item;
    private int stream;
    private int attempt;
    private int sentBytes;
    private boolean started;

    /** {@link #endRead} of the item, once somebody has held it. */
    private @Nullable Runnable letGo;

    Parts(Item item) {
      this.item = item;
    }

    void begin(int itsStream, int itsAttempt) {
      stream = itsStream;
      attempt = itsAttempt;
      sentBytes = 0;
      started = false;
    }

    boolean isWritten() {
      return started && sentBytes == item.lengthBytes;
    }

    @Override
    public boolean isDone() {
      return item.settled || isWritten();
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
      int headBytes = Message.HEADER_BYTES + item.keyBytes;
      int leftBytes = item.lengthBytes - sentBytes;
      int partBytes = Math.min(leftBytes, roomBytes - headBytes);
      // A sliver at the end of a frame is not worth a message of its own.
      if (partBytes < 0 || (partBytes < leftBytes && partBytes < headBytes)) {
        return false;
      }
      writeHead(out, partBytes, false);
      writePart(out, partBytes);
      sentBytes += partBytes;
      started = true;
      return true;
    }

    private void writePart(ByteBuffer out, int partBytes) {
      ByteBuffer payload = item.payload;
      if (item.copied) {
        out.put(item.bytes, item.keyBytes + sentBytes, partBytes);
      } else if (item.settled) {
        // Settled while this was written: nobody waits for it, but the frame has to be whole.
        out.put(new byte[partBytes]);
      } else {
        Copies.count(partBytes);
        out.put(out.position(), payload, payload.position() + sentBytes, partBytes);
        out.position(out.position() + partBytes);
      }
    }

    private void writeHead(ByteBuffer out, int partBytes, boolean attached) {
      out.putLong(Message.itemHead(attached, attempt, item.keyBytes));
      out.putLong(word(stream, item.checksum)).putLong(item.number);
      out.putLong(word(item.lengthBytes, sentBytes)).putLong(word(partBytes, 0));
      out.put(item.bytes, 0, item.keyBytes);
    }

    private static long word(int high, int low) {
      return (long) high << 32 | (low & 0xffff_ffffL);
    }

    @Override
    public ByteBuffer hold(ByteBuffer out) {
      item.readers++;
      writeHead(out, item.lengthBytes, true);
      sentBytes = item.lengthBytes;
      started = true;
      return item.copied
          ? ByteBuffer.wrap(item.bytes, item.keyBytes, item.lengthBytes).slice()
          : item.payload;
    }

    @Override
    public Runnable letGo() {
      Runnable known = letGo;
      if (known == null) {
        known = item::endRead;
        letGo = known;
      }
      return known;
    }
  }
}
