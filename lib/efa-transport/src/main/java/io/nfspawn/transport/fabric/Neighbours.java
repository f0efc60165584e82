package io.nfspawn.transport.fabric;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a wire has to heed about processes on its own host. Only provider shm has such needs, so for
 * others every answer is the harmless one. Owned by the wire's thread.
 */
class Neighbours {
  private final FabricLibrary library;
  private final String provider;

  Neighbours(FabricLibrary library, String provider) {
    this.library = library;
    this.provider = provider;
  }

  static Neighbours of(FabricLibrary library, String provider) {
    return provider.equals("shm")
        ? new ShmNeighbours(library, provider)
        : new Neighbours(library, provider);
  }

  /** A new endpoint. */
  RdmEndpoint open(String host, int index) {
    return library.open(provider, host, index);
  }

  /**
   * False when inserting the peer's address would be in vain, or fatal.
   *
   * @throws FabricException when the peer went while it was looked at
   */
  boolean isReachable(FabricAddress peer) {
    return true;
  }

  /** Tells whether a call that sends to the peer might not return now. */
  BooleanSupplier busy(FabricAddress peer) {
    return () -> false;
  }

  /** The peer's memory where this process may copy from it by itself; else libfabric reads. */
  @Nullable PeerMemory memory(FabricAddress peer) {
    return null;
  }

  /** What a poll of one's own endpoint would do. */
  enum Outlook {
    /** It may find something. */
    OPEN,
    /** It finds nothing but what this side has posted. */
    QUIET,
    /** It might not return. */
    STUCK
  }

  /**
   * Looks at the endpoint of that number.
   *
   * @param wanted it is to be called whether it is quiet or not
   */
  Outlook outlook(int index, boolean wanted) {
    return Outlook.OPEN;
  }

  /** A peer's process died. */
  void died() {}

  /**
   * Closes endpoints between what must be closed before and what after them; each of these though
   * another throws, which this then does.
   *
   * @param reading reads are under way, for which peers may write to memory of the wire
   */
  void close(List<RdmEndpoint> endpoints, Runnable before, Runnable after, boolean reading) {
    new Closing().then(before).thenEach(endpoints, RdmEndpoint::close).then(after).end();
  }
}
