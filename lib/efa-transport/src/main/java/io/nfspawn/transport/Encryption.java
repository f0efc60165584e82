package io.nfspawn.transport;

import java.util.Locale;
import java.util.Map;

/** How the frames of a channel are protected; every member of a gang must use the same. */
public enum Encryption {
  /** AES-256-GCM: contents are secret and authentic. */
  REQUIRED,
  /**
   * Contents are authentic; a wire may encrypt them too where that costs less, as ZeroMQ's does.
   */
  AUTHENTICATE,
  /** Only the handshake is authenticated: for measurements on a network one owns. */
  OFF;

  /** Set by the agent for each member, from {@code spawn.channel.encryption}. */
  static final String VARIABLE = "SPAWN_CHANNEL_ENCRYPTION";

  /**
   * What the run's configuration says, the same for every member; {@link #AUTHENTICATE} where it
   * says nothing.
   *
   * @throws MembershipException when the variable holds anything else
   */
  static Encryption of(Map<String, String> environment) {
    String value = environment.getOrDefault(VARIABLE, "");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "required" -> REQUIRED;
      case "", "authenticate" -> AUTHENTICATE;
      case "off" -> OFF;
      default ->
          throw new MembershipException(
              VARIABLE,
              "is '"
                  + value
                  + "', expected required, authenticate or off; spawn.channel.encryption sets it"
                  + " for every member");
    };
  }
}
