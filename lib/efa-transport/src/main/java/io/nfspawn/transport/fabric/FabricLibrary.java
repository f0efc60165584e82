package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A loaded libfabric. Thread-safe. */
public interface FabricLibrary {

  /** A way to reach others: a provider over one device. */
  record Device(String provider, String fabric, String domain) {}

  /**
   * Memory outside the heap, page-aligned; its owner closes it, later use of the buffer throws. Who
   * is in the middle of using it, as a write to a file that blocks, gets to the end of that.
   */
  interface Memory extends AutoCloseable {
    ByteBuffer buffer();

    @Override
    void close();
  }

  /** Version of the library, e.g. {@code 1.17}. */
  String version();

  /** File it was loaded from. */
  String path();

  /** Every device with reliable datagrams and remote reads, best first as libfabric lists them. */
  List<Device> devices();

  /**
   * A new endpoint of its own domain.
   *
   * @param provider name as in {@link Device}, e.g. {@code efa}, {@code shm}, {@code tcp;ofi_rxm}
   * @param host address of this machine to bind to; providers without addresses ignore it
   * @param index which of the provider's devices; counts round when there are fewer
   * @throws FabricException when the provider has no device here
   */
  RdmEndpoint open(String provider, String host, int index);

  /** Memory that is registered now, of all endpoints of this process: what a leak would add to. */
  long registeredBytes();

  /** Where a direct buffer's position 0 lies. */
  long addressOf(ByteBuffer memory);

  /** The memory of another process; null when this system lets nobody read it. */
  @Nullable PeerMemory memoryOf(int process);

  /** Zeroed memory; of 2 MiB or more in huge pages where the system has them. */
  Memory allocate(long sizeBytes);

  /** The first bytes of a file, shared with everybody who maps it. */
  Memory map(Path file, long sizeBytes);
}
