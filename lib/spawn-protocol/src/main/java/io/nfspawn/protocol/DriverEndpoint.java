package io.nfspawn.protocol;

import java.util.Locale;

/**
 * Where an agent finds its driver and how it recognises it.
 *
 * @param host host name or address
 * @param port port of the control plane
 * @param certificateSha256 fingerprint of the driver's certificate, 64 hex digits
 * @param token what the agent presents
 */
public record DriverEndpoint(String host, int port, String certificateSha256, RunToken token) {
  private static final int FINGERPRINT_DIGITS = 64;

  public DriverEndpoint {
    certificateSha256 = certificateSha256.toLowerCase(Locale.ROOT);
    if (!certificateSha256.matches("[0-9a-f]{" + FINGERPRINT_DIGITS + "}")) {
      throw new IllegalArgumentException(
          "certificate fingerprint must be %d hex digits, got \"%s\""
              .formatted(FINGERPRINT_DIGITS, certificateSha256));
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
