package io.nfspawn.transport.frame;

import java.nio.ByteBuffer;

/** A message that waits to be sent. */
public interface Writable {
  /** How many bytes {@link #write} will write. */
  int lengthBytes();

  /** Writes it; called once. */
  void write(ByteBuffer out);
}
