package io.nfspawn.transport.fabric.ffi;

import java.nio.charset.StandardCharsets;

/** How an address of provider shm has to be inserted. */
final class ShmAddress {
  private static final String PREFIX = "fi_shm://";

  /**
   * Since libfabric 2.5 who meets a peer of its own process does not note where it has that peer's
   * region ({@code smr_map_to_region} returns before {@code smr_map_to_endpoint}). If it was the
   * first of the two to send, the peer's first read, or message longer than 4 KiB, then makes it
   * follow a pointer that counts from 0.
   */
  private static final int FORGETFUL_MAJOR = 2;

  private static final int FORGETFUL_MINOR = 5;

  private ShmAddress() {}

  /**
   * The same address, but of a peer in this process, where it must be, under a name by which
   * libfabric does not know it for its own: {@code shm_open} passes over slashes in front. It then
   * maps the region as it does another process's.
   */
  static byte[] toInsert(byte[] peer, NativeLibrary library) {
    String address = new String(peer, StandardCharsets.ISO_8859_1);
    String own = PREFIX + ProcessHandle.current().pid() + ":";
    return library.isAtLeast(FORGETFUL_MAJOR, FORGETFUL_MINOR) && address.startsWith(own)
        ? address.replace(PREFIX, PREFIX + "/").getBytes(StandardCharsets.ISO_8859_1)
        : peer;
  }
}
