package io.nfspawn.transport.cli;

import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.Inbox;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Outbox;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What push, pull, broadcast and receive have in common: where messages lie, and how. */
final class StreamOptions {
  @Option(
      names = "--name",
      defaultValue = "lines",
      description = "Name both ends agree on (default: ${DEFAULT-VALUE}).")
  String name;

  @Option(
      names = "--framing",
      defaultValue = "NEWLINE",
      description =
          "newline: a line each; length: 4 bytes of length, big-endian, before each; bytes: no"
              + " messages, one stream (default: newline).")
  private Framing framing;

  @Option(
      names = "--timeout",
      defaultValue = "PT10M",
      description = "Longest wait for the other side (default: ${DEFAULT-VALUE}).")
  Duration timeout;

  @Option(
      names = "--file",
      defaultValue = "-",
      description = "File to read or write; - is stdin or stdout (default: -).")
  private String file;

  static ChannelOptions channel() {
    return ChannelOptions.defaults();
  }

  /** Offers every message, in order, and ends the stream. */
  void send(Outbox out, String keyPrefix) throws IOException, InterruptedException {
    int mostBytes = channel().maxMessageBytes();
    try (InputStream in = open()) {
      long number = 0;
      for (byte[] message = framing.read(in, mostBytes);
          message != null;
          message = framing.read(in, mostBytes)) {
        out.put(ItemKey.of(keyPrefix + number++), ByteBuffer.wrap(message), timeout);
      }
    }
    out.finish(timeout);
  }

  private InputStream open() throws IOException {
    return new BufferedInputStream(
        file.equals("-") ? System.in : Files.newInputStream(Path.of(file)), 1 << 16);
  }

  /** Writes every message until all senders have ended; a file appears only when it is whole. */
  void receive(Inbox in) throws IOException, InterruptedException {
    if (file.equals("-")) {
      OutputStream out = new BufferedOutputStream(System.out, 1 << 16);
      receive(in, out);
      out.flush();
      return;
    }
    Path target = Path.of(file);
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
        receive(in, out);
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void receive(Inbox in, OutputStream out) throws IOException, InterruptedException {
    while (true) {
      Delivery here = in.poll();
      if (here == null) {
        // Whoever reads the pipe should not wait for a buffer to fill.
        out.flush();
      }
      Optional<Delivery> next = here == null ? in.take(timeout) : Optional.of(here);
      if (next.isEmpty()) {
        return;
      }
      framing.write(out, next.get().payload());
      next.get().ack();
    }
  }
}
