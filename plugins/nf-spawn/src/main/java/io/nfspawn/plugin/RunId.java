package io.nfspawn.plugin;

import java.security.SecureRandom;
import java.util.HexFormat;
import nextflow.Session;

/** Names one run: Nextflow's run name for readers, and digits that make it unique. */
record RunId(String value) {
  private static final int UNIQUE_BYTES = 4;

  static RunId of(Session session) {
    byte[] unique = new byte[UNIQUE_BYTES];
    new SecureRandom().nextBytes(unique);
    return new RunId("%s-%s".formatted(session.getRunName(), HexFormat.of().formatHex(unique)));
  }
}
