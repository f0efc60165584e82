package io.nfspawn.transport.fabric;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Long-reads: what a peer announced is read out of its memory, a few at a time, long ones over all
 * rails at once. Owned by the wire's thread.
 */
final class Reads {
  /** From one peer at a time: more would not be faster, and would leave the cache. */
  private static final int MOST_ACTIVE = 4;

  private static final int MOST_PARTS = 1024;

  /** Copied in one turn, so that somebody can use it before it leaves the cache. */
  private static final int MOST_COPIED_BYTES = 1 << 20;

  /** A copy that ends longer than this after peers were looked at may be of memory used again. */
  private static final long DOUBTFUL_NANOS = 500_000_000;

  /**
   * After this the peer lied about what it has: a living one serves reads each time it polls, and
   * silent ones are found out sooner. libfabric 1.17's shm never ends a read whose key is wrong.
   */
  private static final long LONGEST_NANOS = 30_000_000_000L;

  /** Below this, a part is not worth a rail of its own. */
  private static final int LEAST_PART_BYTES = 256 << 10;

  /** What becomes of reads. */
  interface Listener {
    void onRead(FabricLink link);

    void onReadFailed(FabricLink link, String reason);
  }

  private final List<RdmEndpoint> rails;
  private final Listener listener;
  private final Deque<Read> waiting = new ArrayDeque<>();

  /** To be used again. */
  private final Deque<Read> ended = new ArrayDeque<>();

  /** What the posted operation of that number is part of. */
  private final @Nullable Read[] parts = new Read[MOST_PARTS];

  private final Numbers free = new Numbers();

  Reads(List<RdmEndpoint> rails, Listener listener) {
    this.rails = rails;
    this.listener = listener;
    for (int i = 0; i < MOST_PARTS; i++) {
      free.push(i);
    }
  }

  /** One announced piece of memory; used again for another when it ended. */
  private static final class Read {
    final FarNote places = new FarNote();
    FabricLink link;
    FabricLink.Arrival arrival;
    Landing landing;
    int lengthBytes;
    int postedBytes;
    int partsUnderWay;
    long startedNanos;
    boolean started;
    boolean copied;
    long copiedNanos;
    String failure = "";

    Read(FabricLink link, FabricLink.Arrival arrival, Landing landing) {
      this.link = link;
      this.arrival = arrival;
      this.landing = landing;
    }

    void begin(
        FabricLink newLink, FabricLink.Arrival newArrival, Landing newLanding, FarNote note) {
      link = newLink;
      arrival = newArrival;
      landing = newLanding;
      places.copyFrom(note);
      lengthBytes = note.lengthBytes();
      postedBytes = 0;
      partsUnderWay = 0;
      started = false;
      copied = false;
      failure = "";
    }

    /** True when the last place is the address in the sender's process. */
    boolean tellsAddress() {
      return places.places() > link.peer.endpoints().size();
    }
  }

  /**
   * Reads as soon as it is its turn; then {@code arrival} is complete. Holds the landing; what the
   * note says is copied.
   */
  void start(FabricLink link, FabricLink.Arrival arrival, Landing landing, FarNote note) {
    landing.retain();
    Read read = ended.poll();
    if (read == null) {
      read = new Read(link, arrival, landing);
    }
    read.begin(link, arrival, landing, note);
    waiting.add(read);
  }

  /**
   * Posts or copies what may be, one peer's trouble notwithstanding; returns how much.
   *
   * @param watchedNanos when every peer was last seen to be there
   */
  int post(long watchedNanos) {
    int posted = 0;
    int copiedBytes = 0;
    for (int tries = waiting.size(); tries > 0; tries--) {
      Read next = waiting.remove();
      if (next.link.down) {
        abandon(next);
        continue;
      }
      PeerMemory memory = next.tellsAddress() ? next.link.memory : null;
      if (memory != null) {
        if (!next.copied && copiedBytes < MOST_COPIED_BYTES) {
          copiedBytes += next.lengthBytes;
          copy(next, memory);
        }
        if (next.copied && next.copiedNanos - watchedNanos < DOUBTFUL_NANOS) {
          posted++;
          end(next);
        } else {
          waiting.add(next);
        }
        continue;
      }
      if (!next.started && next.link.activeReads < MOST_ACTIVE) {
        next.started = true;
        next.startedNanos = System.nanoTime();
        next.link.activeReads++;
      }
      try {
        while (next.started && next.postedBytes < next.lengthBytes && postPart(next)) {
          posted++;
        }
      } catch (FabricException e) {
        fail(next, String.valueOf(e.getMessage()));
        continue;
      }
      if (next.postedBytes < next.lengthBytes) {
        waiting.add(next);
      }
    }
    return posted;
  }

  private void copy(Read read, PeerMemory memory) {
    try {
      boolean whole =
          memory.read(
              read.places.address(read.places.places() - 1),
              read.landing.slab().regions(rails).get(0),
              read.lengthBytes);
      read.failure = whole ? "" : "its memory cannot be read";
    } catch (FabricException e) {
      read.failure = "no memory to read into: " + e.getMessage();
    }
    read.copied = true;
    read.copiedNanos = System.nanoTime();
  }

  /** The provider does not take the rest of it. */
  private void fail(Read read, String reason) {
    read.failure = reason;
    read.postedBytes = read.lengthBytes;
    if (read.partsUnderWay == 0) {
      read.link.activeReads--;
      end(read);
    }
  }

  private void abandon(Read read) {
    read.postedBytes = read.lengthBytes;
    if (read.partsUnderWay == 0) {
      letGo(read);
    }
  }

  private void letGo(Read read) {
    read.landing.release();
    ended.push(read);
  }

  private boolean postPart(Read read) {
    long[] peers = read.link.peerNumbers;
    if (peers == null || free.isEmpty()) {
      return false;
    }
    int number = free.peek();
    int usable = Math.min(peers.length, read.places.places());
    int even = (read.lengthBytes + usable - 1) / usable;
    int partBytes = Math.min(read.lengthBytes - read.postedBytes, Math.max(LEAST_PART_BYTES, even));
    int rail = read.postedBytes / Math.max(LEAST_PART_BYTES, even);
    boolean posted =
        rails
            .get(rail)
            .read(
                Postbox.END + number,
                peers[rail],
                read.landing.slab().regions(rails).get(rail),
                read.postedBytes,
                partBytes,
                read.places.address(rail) + read.postedBytes,
                read.places.key(rail));
    if (posted) {
      free.pop();
      parts[number] = read;
      read.postedBytes += partBytes;
      read.partsUnderWay++;
    }
    return posted;
  }

  /**
   * Ends the links whose reads take too long. The memory stays with the provider, which may still
   * write to it, until the wire is closed.
   */
  void endOverdue(long nowNanos) {
    for (Read read : parts) {
      if (read != null
          && !read.link.down
          && read.failure.isEmpty()
          && nowNanos - read.startedNanos > LONGEST_NANOS) {
        read.failure = "a read of its memory did not end within 30 s";
        listener.onReadFailed(read.link, read.failure);
      }
    }
  }

  /** True while the provider may still write to memory of this process. */
  boolean isAnyPosted() {
    for (Read read : parts) {
      if (read != null) {
        return true;
      }
    }
    return false;
  }

  /** A posted operation ended; true when it was one of these. */
  boolean onDone(int operation, String failure) {
    int number = operation - Postbox.END;
    Read read = number < 0 || number >= MOST_PARTS ? null : parts[number];
    if (read == null) {
      return false;
    }
    parts[number] = null;
    free.push(number);
    read.partsUnderWay--;
    if (read.failure.isEmpty()) {
      read.failure = failure;
    }
    if (read.partsUnderWay == 0 && read.postedBytes == read.lengthBytes) {
      read.link.activeReads--;
      end(read);
    }
    return true;
  }

  private void end(Read read) {
    if (!read.link.down) {
      if (read.failure.isEmpty()) {
        read.arrival.complete();
        listener.onRead(read.link);
      } else {
        listener.onReadFailed(read.link, read.failure);
      }
    }
    letGo(read);
  }
}
