package io.nfspawn.transport.fabric;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.util.Objects;

/** The libfabric of this machine, or the reason why a test is skipped. */
public final class Fabrics {
  private Fabrics() {}

  public static FabricLibrary library() {
    Libfabric.Probe probe = Libfabric.probe();
    assumeTrue(probe.isAvailable(), probe.absence());
    return Objects.requireNonNull(probe.library());
  }
}
