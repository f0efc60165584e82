package io.nfspawn.transport.cli;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.Encryption;
import io.nfspawn.transport.Inbox;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.Outbox;
import io.nfspawn.transport.RegisteredBuffer;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What push, pull, broadcast and receive have in common: where messages lie, and how. */
final class StreamOptions {
  private static final int PIECE_BYTES = 1 << 20;

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

  @Option(
      names = "--encryption",
      paramLabel = "MODE",
      description =
          "required, authenticate or off; every member must use the same (default: what"
              + " spawn.channel.encryption says, else authenticate).")
  private @Nullable Encryption encryption;

  /** How the command's channel is opened. */
  ChannelOptions channel() {
    Encryption asked = encryption;
    return asked == null
        ? ChannelOptions.fromEnvironment()
        : ChannelOptions.defaults().withEncryption(asked);
  }

  /** Offers every message, in order, and ends the stream. */
  void send(Outbox out, BufferPool pool, String keyPrefix)
      throws IOException, InterruptedException {
    try (FileInputStream in =
        file.equals("-") ? new FileInputStream(FileDescriptor.in) : new FileInputStream(file)) {
      if (framing == Framing.BYTES) {
        sendPieces(in.getChannel(), out, pool, keyPrefix);
      } else {
        sendMessages(new BufferedInputStream(in, 1 << 16), out, keyPrefix);
      }
    }
    out.finish(timeout);
  }

  private void sendMessages(InputStream in, Outbox out, String keyPrefix)
      throws IOException, InterruptedException {
    int mostBytes = ChannelOptions.defaults().maxMessageBytes();
    long number = 0;
    for (byte[] message = framing.read(in, mostBytes);
        message != null;
        message = framing.read(in, mostBytes)) {
      out.put(ItemKey.of(keyPrefix + number++), ByteBuffer.wrap(message), timeout);
    }
  }

  /** Reads into memory that the wire sends from. */
  private void sendPieces(FileChannel in, Outbox out, BufferPool pool, String keyPrefix)
      throws IOException, InterruptedException {
    for (long number = 0; ; number++) {
      RegisteredBuffer piece = await(() -> pool.tryAcquire(PIECE_BYTES), "no free memory");
      ByteBuffer bytes = piece.buffer();
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {}
      if (bytes.flip().hasRemaining()) {
        ItemKey key = ItemKey.of(keyPrefix + number);
        await(() -> out.offer(key, piece) == Offer.BACK_PRESSURE ? null : piece, "no room");
      } else {
        piece.close();
        return;
      }
    }
  }

  /** What {@code attempt} gives once it is not null. */
  private <T> T await(Supplier<@Nullable T> attempt, String lacking) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    T result = attempt.get();
    while (result == null) {
      if (System.nanoTime() - end > 0) {
        throw new ChannelTimeoutException(
            lacking
                + " for stream '"
                + name
                + "' within "
                + timeout
                + "; does the other side read?");
      }
      Thread.sleep(1);
      result = attempt.get();
    }
    return result;
  }

  /** Writes every message until all senders have ended; a file appears only when it is whole. */
  void receive(Inbox in) throws IOException, InterruptedException {
    if (file.equals("-")) {
      Sink out = new Sink(new FileOutputStream(FileDescriptor.out));
      receive(in, out);
      out.flush();
      return;
    }
    Path target = Path.of(file);
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      try (Sink out = new Sink(new FileOutputStream(part.toString()))) {
        receive(in, out);
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IOException(
          target
              + ": cannot write: "
              + e.getMessage()
              + "; nothing was published, make room or choose another place",
          e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void receive(Inbox in, Sink out) throws IOException, InterruptedException {
    while (true) {
      Delivery here = in.poll();
      if (here == null) {
        out.flush();
      }
      Optional<Delivery> next = here == null ? in.take(timeout) : Optional.of(here);
      if (next.isEmpty()) {
        return;
      }
      out.write(framing, next.get().payload());
      next.get().ack();
    }
  }
}
