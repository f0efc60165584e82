package io.nfspawn.transport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.fabric.Fabrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is received onto a full disk, here a small tmpfs; needs the right to mount one. */
@Timeout(120)
class DiskFullTest {
  private static final Duration WAIT = Duration.ofSeconds(60);

  @TempDir Path directory;
  private Path small;

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor() == 0;
  }

  @BeforeEach
  void mount() throws Exception {
    small = Files.createDirectory(directory.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString()),
        "no right to mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", small.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "fabric:shm"})
  void shouldSaySoAndPublishNothing(String wire) throws Exception {
    if (!wire.equals("zmq")) {
      Fabrics.library();
    }
    Path file = small.resolve("copy.fa");
    StreamOptions stream =
        CommandLine.populateCommand(
            new StreamOptions(), "--framing", "BYTES", "--file", file.toString());
    ChannelOptions options = ChannelOptions.defaults().withWire(wire);
    try (LocalGang gang = new LocalGang("127.0.0.1", 2);
        Channel here = Channel.open(gang.membership(0), options);
        Channel there = Channel.open(gang.membership(1), options)) {
      gang.introduce(WAIT);
      Pusher pusher = here.pusher("data", 1);
      for (int i = 0; i < 8; i++) {
        pusher.put(ItemKey.of("k" + i), ByteBuffer.allocate(100_000), WAIT);
      }
      try (Puller puller = there.puller("data", PullOptions.from(Set.of(0)))) {
        assertThatThrownBy(() -> stream.receive(puller))
            .isInstanceOf(IOException.class)
            .hasMessage(
                file
                    + ": cannot write: No space left on device; nothing was published, make room"
                    + " or choose another place");
      }
      assertThat(small).isEmptyDirectory();
      assertThatThrownBy(() -> pusher.finish(WAIT)).isInstanceOf(PeerLostException.class);
    }
  }
}
