package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a sender says of memory that is to be read; see {@link WireHeader} for its bytes. Its places
 * are the same memory as each of the sender's endpoints names it; on shared memory one more, with
 * the address it has in the sender's process. Used again for the next one by its owner.
 */
final class FarNote {
  /** Rails, and the address in the sender's process. */
  private static final int MOST_PLACES = 32 + 1;

  private static final int PLACE_BYTES = 16;

  private int lengthBytes;
  private int places;
  private final long[] addresses = new long[MOST_PLACES];
  private final long[] keys = new long[MOST_PLACES];

  int lengthBytes() {
    return lengthBytes;
  }

  int places() {
    return places;
  }

  long address(int place) {
    return addresses[place];
  }

  long key(int place) {
    return keys[place];
  }

  /** Begins one of so many bytes that lie nowhere yet. */
  FarNote begin(int length) {
    lengthBytes = length;
    places = 0;
    return this;
  }

  /** They lie at {@code offset} of a region, as each rail has registered it. */
  void add(List<MemoryRegion> regions, long offset) {
    for (int i = 0; i < regions.size(); i++) {
      MemoryRegion region = regions.get(i);
      add(region.remoteAddress(offset), region.key());
    }
  }

  void add(long address, long key) {
    addresses[places] = address;
    keys[places] = key;
    places++;
  }

  void copyFrom(FarNote other) {
    lengthBytes = other.lengthBytes;
    places = other.places;
    System.arraycopy(other.addresses, 0, addresses, 0, places);
    System.arraycopy(other.keys, 0, keys, 0, places);
  }

  void write(ByteBuffer out) {
    out.putInt(lengthBytes).putInt(places);
    for (int i = 0; i < places; i++) {
      out.putLong(addresses[i]).putLong(keys[i]);
    }
  }

  /** False when it cannot be, so that no provider is ever asked for it. */
  boolean read(ByteBuffer in, long longestBytes) {
    if (in.remaining() < 8) {
      return false;
    }
    begin(in.getInt());
    int announced = in.getInt();
    boolean possible =
        lengthBytes > 0
            && lengthBytes <= longestBytes
            && announced > 0
            && announced <= MOST_PLACES
            && in.remaining() >= announced * PLACE_BYTES;
    for (int i = 0; possible && i < announced; i++) {
      long address = in.getLong();
      add(address, in.getLong());
      possible = address >= 0 && address <= Long.MAX_VALUE - lengthBytes;
    }
    return possible;
  }
}
