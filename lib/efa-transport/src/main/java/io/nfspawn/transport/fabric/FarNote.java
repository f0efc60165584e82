package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sender says of memory that is to be read; see {@link WireHeader} for its bytes.
 *
 * @param places the same memory as each of the sender's endpoints names it; on shared memory one
 *     more, with the address it has in the sender's process
 */
record FarNote(int lengthBytes, List<Reads.Place> places) {
  private static final int MOST_RAILS = 32;
  private static final int PLACE_BYTES = 16;

  static List<Reads.Place> places(List<MemoryRegion> regions, long offset) {
    List<Reads.Place> places = new ArrayList<>(regions.size());
    for (MemoryRegion region : regions) {
      places.add(new Reads.Place(region.remoteAddress(offset), region.key()));
    }
    return places;
  }

  void write(ByteBuffer out) {
    out.putInt(lengthBytes).putInt(places.size());
    places.forEach(place -> out.putLong(place.address()).putLong(place.key()));
  }

  /** Null when it cannot be, so that no provider is ever asked for it. */
  static @Nullable FarNote read(ByteBuffer in, long longestBytes) {
    if (in.remaining() < 8) {
      return null;
    }
    int lengthBytes = in.getInt();
    int rails = in.getInt();
    boolean possible =
        lengthBytes > 0
            && lengthBytes <= longestBytes
            && rails > 0
            && rails <= MOST_RAILS
            && in.remaining() >= rails * PLACE_BYTES;
    if (!possible) {
      return null;
    }
    List<Reads.Place> places = new ArrayList<>(rails);
    for (int i = 0; i < rails; i++) {
      long address = in.getLong();
      places.add(new Reads.Place(address, in.getLong()));
      if (address < 0 || address > Long.MAX_VALUE - lengthBytes) {
        return null;
      }
    }
    return new FarNote(lengthBytes, places);
  }
}
