package io.nfspawn.bams3.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Datasets;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.store.MemoryStore;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged objects give a typed error or the right records, never wrong ones. */
class MutationTest {
  private static final long SEED = 20_240_607;
  private static final int MUTANTS = Boolean.getBoolean("spawn.soak") ? 200_000 : 2_000;

  @Test
  void shouldNeverGiveAWrongRecord() throws IOException {
    MemoryStore store = new MemoryStore();
    write(store, new GeneratedBam(SEED).addRecords(700).sortByCoordinate());
    String expected = read(store);
    List<String> keys = store.list("");
    Random random = new Random(SEED);
    int refused = 0;
    for (int mutant = 0; mutant < MUTANTS; mutant++) {
      String key = keys.get(random.nextInt(keys.size()));
      byte[] original = store.read(key, 0, (int) store.size(key));
      byte[] mutated = mutate(original, random);
      put(store, key, mutated);
      try {
        assertThat(read(store))
            .as("seed %d mutant %d of %s", SEED, mutant, key)
            .isEqualTo(expected);
      } catch (Bams3Exception e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + SEED + " mutant " + mutant + " of " + key, e);
      }
      put(store, key, original);
    }
    assertThat(refused).isGreaterThan(MUTANTS * 9 / 10);
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
    WriteOptions options = new WriteOptions(1 << 16, 1, Profile.BALANCED, false);
    try (Workers workers = new Workers("bams3-worker", 1);
        ChunkedWriter writer =
            ChunkedWriter.create(store, GeneratedBam.header(""), options, workers)) {
      for (byte[] record : bam.records()) {
        writer.write(record, 0, record.length);
      }
      writer.publish();
    }
  }

  private static String read(Store store) throws IOException {
    DatasetReader dataset = DatasetReader.open(store);
    return dataset.headerText() + Datasets.samText(dataset, dataset.query());
  }

  private static void put(Store store, String key, byte[] content) throws IOException {
    try (Store.Upload upload = store.create(key)) {
      upload.write(content);
      upload.publish();
    }
  }
}
