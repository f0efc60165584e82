package io.nfspawn.bams3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a user can do something about: the message is one line that says what is wrong, where, and
 * what to do. Subclasses carry the parts as fields; nobody needs to read the text.
 */
public class Bams3Exception extends IOException {
  private static final long serialVersionUID = 1L;

  public Bams3Exception(String message) {
    super(message);
  }

  public Bams3Exception(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
