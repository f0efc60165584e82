package io.nfspawn.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The secret by which agents of one run prove themselves. Never in argv, environment values or
 * logs: {@link #toString()} does not show it. Immutable.
 */
public final class RunToken {
  private static final int LENGTH_BYTES = 32;
  private static final int SHORTEST_CHARS = 32;

  private final String secret;

  private RunToken(String secret) {
    this.secret = secret;
  }

  public static RunToken random() {
    byte[] bytes = new byte[LENGTH_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new RunToken(HexFormat.of().formatHex(bytes));
  }

  public static RunToken of(String secret) {
    if (secret.length() < SHORTEST_CHARS) {
      throw new IllegalArgumentException(
          "run token has %d characters, needs %d or more"
              .formatted(secret.length(), SHORTEST_CHARS));
    }
    return new RunToken(secret);
  }

  /** Compares in a time that does not depend on where the two differ. */
  public boolean matches(@Nullable String presented) {
    return presented != null
        && MessageDigest.isEqual(
            secret.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
  }

  /** The secret itself, for the one who hands it to an agent. */
  public String secret() {
    return secret;
  }

  @Override
  public String toString() {
    return "RunToken[hidden]";
  }
}
