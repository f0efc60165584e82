package io.nfspawn.transport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.Encryption;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import io.nfspawn.transport.wire.Copies;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** From a file here to a file there: how often our own code copies a byte on its way. */
@Timeout(120)
class CopiesTest {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int FILE_BYTES = 8 * PIECE_BYTES + 5;

  @TempDir Path directory;

  private static StreamOptions stream(Path file) {
    return CommandLine.populateCommand(
        new StreamOptions(), "--framing", "BYTES", "--name", "chunks", "--file", file.toString());
  }

  @ParameterizedTest
  @CsvSource({"shm", "tcp"})
  void shouldCopyNoChunkOnItsWayFromFileToFile(String provider) throws Exception {
    assumeThat(Libfabric.probe().isAvailable()).as(Libfabric.probe().absence()).isTrue();
    long seed = Long.getLong("spawn.seed", 20261121L);
    System.out.println("seed " + seed);
    byte[] content = new byte[FILE_BYTES];
    new Random(seed).nextBytes(content);
    Path from = Files.write(directory.resolve("from"), content);
    Path to = directory.resolve("to");
    ChannelOptions options =
        ChannelOptions.defaults()
            .withWire("fabric:" + provider)
            .withEncryption(Encryption.OFF)
            .withJoinTimeout(Duration.ofSeconds(30));
    long before = Copies.bytes();
    try (LocalGang gang = new LocalGang("127.0.0.1", 2);
        Channel here = Channel.open(gang.membership(0), options);
        Channel there = Channel.open(gang.membership(1), options)) {
      gang.introduce(Duration.ofSeconds(30));
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try (Pusher pusher = here.pusher("chunks", 1)) {
                  stream(from).send(pusher, here.buffers(), "0:");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      PullOptions pull = PullOptions.from(Set.of(0)).withCredit(new Credit(256, 16L << 20));
      try (Puller puller = there.puller("chunks", pull)) {
        stream(to).receive(puller);
      }
      sent.join();
    }
    assertThat(Files.readAllBytes(to)).isEqualTo(content);
    // The last piece is a short message: into its frame, and out of it into the file's buffer.
    assertThat(Copies.bytes() - before).isLessThanOrEqualTo(2 * (FILE_BYTES % PIECE_BYTES));
  }

  @ParameterizedTest
  @CsvSource({"shm", "tcp"})
  void shouldCopyNothingOnItsWayFromMappedFile(String provider) throws Exception {
    assumeThat(Libfabric.probe().isAvailable()).as(Libfabric.probe().absence()).isTrue();
    byte[] content = new byte[FILE_BYTES];
    new Random(20261122).nextBytes(content);
    ChannelOptions options =
        ChannelOptions.defaults()
            .withWire("fabric:" + provider)
            .withEncryption(Encryption.OFF)
            .withJoinTimeout(Duration.ofSeconds(30));
    try (FileChannel file = FileChannel.open(Files.write(directory.resolve("from"), content));
        LocalGang gang = new LocalGang("127.0.0.1", 2);
        Channel here = Channel.open(gang.membership(0), options);
        Channel there = Channel.open(gang.membership(1), options);
        Pusher pusher = here.pusher("chunks", 1);
        Puller puller = there.puller("chunks", PullOptions.from(Set.of(0)))) {
      gang.introduce(Duration.ofSeconds(30));
      ByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES);
      long before = Copies.bytes();
      assertThat(pusher.offer(ItemKey.of("0:0"), mapped)).isEqualTo(Offer.ACCEPTED);
      Delivery delivery = puller.take(Duration.ofSeconds(30)).orElseThrow();
      assertThat(delivery.payload()).isEqualTo(ByteBuffer.wrap(content));
      delivery.ack();
      pusher.finish(Duration.ofSeconds(30));
      assertThat(Copies.bytes() - before).isZero();
    }
  }
}
