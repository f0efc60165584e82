package io.nfspawn.bams3.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.codec.CodecException;
import io.nfspawn.bams3.column.PageDecoder;
import io.nfspawn.bams3.column.PageEncoder;
import io.nfspawn.bams3.column.PageShape;
import io.nfspawn.bams3.column.StampedPage;
import io.nfspawn.bams3.store.MemoryStore;
import io.nfspawn.bams3.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged objects give a typed error or the right records, never wrong ones. */
class MutationTest {
  private static final long SEED = 20_240_607;
  private static final boolean SOAK = Boolean.getBoolean("spawn.soak");

  @Test
  void shouldNeverGiveAWrongRecord() throws IOException {
    MemoryStore store = new MemoryStore();
    write(store, new GeneratedBam(SEED).addRecords(60).sortByCoordinate());
    byte[] expected = read(store);
    List<String> keys = store.list("");
    Random random = new Random(SEED);
    int mutants = SOAK ? 500_000 : 5_000;
    int refused = 0;
    for (int mutant = 0; mutant < mutants; mutant++) {
      String key = keys.get(random.nextInt(keys.size()));
      byte[] original = store.read(key, 0, (int) store.size(key));
      put(store, key, mutate(original, random));
      try {
        assertThat(Arrays.equals(read(store), expected))
            .as("seed %d mutant %d of %s", SEED, mutant, key)
            .isTrue();
      } catch (Bams3Exception e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + SEED + " mutant " + mutant + " of " + key, e);
      }
      put(store, key, original);
    }
    assertThat(refused).isGreaterThan(mutants * 9 / 10);
  }

  /** Checksums made to fit again: what a decoder must survive, whatever it makes of it. */
  @Test
  void shouldSurviveForgedColumns() throws Exception {
    Random random = new Random(SEED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    GeneratedBam bam = new GeneratedBam(SEED).addRecords(80).sortByCoordinate();
    bam.records().stream().filter(r -> LittleEndian.int32(r, 4) == 0).forEach(out::writeBytes);
    byte[] page = out.toByteArray();
    int records = (int) bam.records().stream().filter(r -> LittleEndian.int32(r, 4) == 0).count();
    try (PageEncoder encoder = new PageEncoder(Profile.BALANCED);
        PageDecoder decoder = new PageDecoder()) {
      encoder.encode(page, page.length, records, 0, 1);
      byte[] stored = encoder.stored();
      PageShape shape = encoder.shape(stored.length);
      int mutants = SOAK ? 500_000 : 5_000;
      for (int mutant = 0; mutant < mutants; mutant++) {
        byte[] mutated = stored.clone();
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
          int at = shape.headerBytes() + random.nextInt(stored.length - shape.headerBytes());
          mutated[at] = (byte) (random.nextBoolean() ? random.nextInt() : mutated[at] ^ 1);
        }
        PageShape forged = StampedPage.stamp(mutated, shape);
        try {
          decoder.decode(mutated, 0, forged, 0);
        } catch (CodecException e) {
          assertThat(e.getMessage()).isNotEmpty();
        } catch (RuntimeException | OutOfMemoryError e) {
          throw new AssertionError("seed " + SEED + " forged mutant " + mutant, e);
        }
      }
    }
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] mutated = original.clone();
    int at = random.nextInt(original.length);
    switch (random.nextInt(5)) {
      case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> mutated[at] = (byte) random.nextInt();
      case 2 -> {
        byte[] noise = new byte[Math.min(16, original.length - at)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, mutated, at, noise.length);
      }
      case 3 -> mutated = Arrays.copyOf(original, at);
      default -> {
        int to = random.nextInt(original.length);
        int length = Math.min(32, original.length - Math.max(at, to));
        System.arraycopy(original, at, mutated, to, length);
      }
    }
    return mutated;
  }

  private static void write(Store store, GeneratedBam bam) throws IOException {
    WriteOptions options = new WriteOptions(1 << 26, 1, Profile.BALANCED, false);
    try (Workers workers = new Workers("bams3-worker", 1);
        ChunkedWriter writer =
            ChunkedWriter.create(store, GeneratedBam.header(""), options, workers)) {
      for (byte[] record : bam.records()) {
        writer.write(record, 0, record.length);
      }
      writer.publish();
    }
  }

  private static byte[] read(Store store) throws IOException {
    DatasetReader dataset = DatasetReader.open(store);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(dataset.header().bytes());
    try (RecordCursor records = dataset.query()) {
      while (records.next()) {
        records.record().writeTo(out);
      }
    }
    return out.toByteArray();
  }

  private static void put(Store store, String key, byte[] content) throws IOException {
    try (Store.Upload upload = store.create(key)) {
      upload.write(content);
      upload.publish();
    }
  }
}
