package io.nfspawn.vcfmerge.cli;

import java.io.IOException;

/** The given files do not go together; the message is one line for the user. */
final class InputException extends IOException {
  InputException(String message) {
    super(message);
  }
}
