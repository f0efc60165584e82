package io.nfspawn.bams3.codec.deflate;

import io.nfspawn.bams3.codec.ffi.Libdeflate;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses once: libdeflate where the JVM can call it, else what the JDK brings. The system property
 * {@code bams3.deflate} names one of them, for measurements and tests.
 */
final class DeflateChoice {
  static final String PROPERTY = "bams3.deflate";
  static final DeflateLibrary BEST = choose(System.getProperty(PROPERTY, ""));

  private DeflateChoice() {}

  static DeflateLibrary choose(String wanted) {
    if (wanted.equals(JdkDeflate.NAME)) {
      return new JdkDeflate();
    }
    if (!wanted.isEmpty() && !wanted.equals(Libdeflate.NAME)) {
      throw new IllegalArgumentException(
          "-D%s=%s is not a deflate library; use %s or %s"
              .formatted(PROPERTY, wanted, Libdeflate.NAME, JdkDeflate.NAME));
    }
    Libdeflate.Probe probe = Libdeflate.probe();
    Optional<DeflateLibrary> found = probe.library();
    if (found.isPresent()) {
      return found.get();
    }
    if (!wanted.isEmpty()) {
      throw new IllegalStateException("-D%s=%s: %s".formatted(PROPERTY, wanted, probe.absence()));
    }
    Logger log = LoggerFactory.getLogger(DeflateLibrary.class);
    log.debug("event=deflate.fallback library={} reason=\"{}\"", JdkDeflate.NAME, probe.absence());
    return new JdkDeflate();
  }
}
