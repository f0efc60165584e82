package io.nfspawn.protocol;

import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;

/**
 * Keeps our copy of Netty from unpacking and loading its native libraries: a control plane has no
 * use for them, newer JDKs warn of it, and a temporary directory may forbid it.
 */
final class PureJavaNetty {
  private static final String NO_NATIVE = "io.grpc.netty.shaded.io.netty.transport.noNative";

  private PureJavaNetty() {}

  /** Netty decides once, when this class of it is first used: the property need not stay. */
  static synchronized void choose() {
    try (var brief = new BriefProperty(NO_NATIVE, "true")) {
      var unused = Epoll.isAvailable();
    }
  }
}
