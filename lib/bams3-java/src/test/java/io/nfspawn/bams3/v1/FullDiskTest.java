package io.nfspawn.bams3.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.store.MemoryStore;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that has room for so many bytes: at each stage there is one line, and nothing is left.
 */
class FullDiskTest {

  @ParameterizedTest(name = "room for {0} bytes")
  @ValueSource(ints = {0, 20, 5_000, 30_000, 31_500})
  void shouldSayThatThereIsNoSpace(int room) throws IOException {
    FullStore store = new FullStore(room);
    assertThatThrownBy(() -> write(store))
        .hasMessage(
            "cannot write below full: No space left on device; free space there or choose another"
                + " target");
    assertThat(store.list("")).isEmpty();
  }

  private static void write(Store store) throws IOException {
    WriteOptions options = new WriteOptions(1 << 18, 1, Profile.BALANCED, false);
    try (Workers workers = new Workers("bams3-worker", 1);
        ChunkedWriter writer =
            ChunkedWriter.create(store, GeneratedBam.header(""), options, workers)) {
      for (byte[] record : new GeneratedBam(8).addRecords(300).sortByCoordinate().records()) {
        writer.write(record, 0, record.length);
      }
      writer.publish();
    }
  }

  /** Memory with an end. */
  private static final class FullStore implements Store {
    private final MemoryStore memory = new MemoryStore();
    private int room;

    FullStore(int room) {
      this.room = room;
    }

    @Override
    public String place() {
      return "full";
    }

    @Override
    public long size(String key) throws NoSuchFileException {
      return memory.size(key);
    }

    @Override
    public Duration age(String key) throws NoSuchFileException {
      return memory.age(key);
    }

    @Override
    public byte[] read(String key, long offset, int lengthBytes) throws NoSuchFileException {
      return memory.read(key, offset, lengthBytes);
    }

    @Override
    public Upload create(String key) {
      Upload upload = memory.create(key);
      return new Upload() {
        @Override
        public void write(int value) throws IOException {
          take(1);
          upload.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
          take(lengthBytes);
          upload.write(bytes, offset, lengthBytes);
        }

        @Override
        public void publish() throws IOException {
          upload.publish();
        }

        @Override
        public void close() throws IOException {
          upload.close();
        }
      };
    }

    private void take(int bytes) throws IOException {
      if (bytes > room) {
        throw new IOException("No space left on device");
      }
      room -= bytes;
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) throws IOException {
      take(content.length);
      return memory.putIfAbsent(key, content);
    }

    @Override
    public List<String> list(String prefix) {
      return memory.list(prefix);
    }

    @Override
    public void delete(String key) {
      memory.delete(key);
    }

    @Override
    public void close() {}
  }
}
