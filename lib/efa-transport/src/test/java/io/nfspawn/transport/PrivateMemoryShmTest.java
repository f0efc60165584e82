package io.nfspawn.transport;

import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.Fabrics;
import org.junit.jupiter.api.Tag;

/**
 * Over shared memory where the kernel lets no process read another's: libfabric reads long payloads
 * then, here over two endpoints.
 */
@Tag("long")
class PrivateMemoryShmTest extends ShmChannelTest {
  @Override
  FabricLibrary library() {
    return Fabrics.whereMemoryIsPrivate();
  }

  @Override
  int rails() {
    return 2;
  }
}
