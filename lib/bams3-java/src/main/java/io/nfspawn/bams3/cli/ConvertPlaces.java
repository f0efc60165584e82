package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.store.StorePlace;
import io.nfspawn.bams3.store.Traffic;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Where a conversion reads and writes; owns the stores that it opens. */
final class ConvertPlaces implements Closeable {
  private final String input;
  private final String target;
  private final S3Options options;
  private final @Nullable Path reference;
  private final List<Store> stores = new ArrayList<>();

  ConvertPlaces(String input, String target, S3Options options, @Nullable Path reference) {
    this.input = input;
    this.target = target;
    this.options = options;
    this.reference = reference;
  }

  AlignmentInput source() throws IOException {
    if (input.equals("-")) {
      return AlignmentInput.pipe(System.in, reference);
    }
    StorePlace place = StorePlace.of(input);
    if (place instanceof StorePlace.InFileSystem file) {
      return AlignmentInput.file(file.path(), reference);
    }
    if (place instanceof StorePlace.InBucket object && !object.key().isEmpty()) {
      return AlignmentInput.object(
          input, opened(object.openParent(options)), object.name(), reference);
    }
    throw new Bams3Exception(input + ": give a file, s3://bucket/key, or - for standard input");
  }

  Conversion conversion(AlignmentInput source, WriteOptions write, LongConsumer progress)
      throws IOException {
    return StorePlace.of(target) instanceof StorePlace.InBucket prefix
        ? new Conversion(source, opened(prefix.open(options)), write, progress)
        : new Conversion(source, directory(), write, progress);
  }

  /** The target where it must be a directory. */
  Path directory() throws IOException {
    if (StorePlace.of(target) instanceof StorePlace.InFileSystem directory) {
      return directory.path();
    }
    throw new Bams3Exception(target + ": cannot be written there; give a directory");
  }

  /** Where sorting may put what memory cannot hold: beside a local target. */
  Path spillDirectory() {
    return StorePlace.of(target) instanceof StorePlace.InFileSystem directory
        ? directory.path().toAbsolutePath().resolveSibling("")
        : Path.of(System.getProperty("java.io.tmpdir", "."));
  }

  private Store opened(Store store) {
    stores.add(store);
    return store;
  }

  /** What all stores have been asked for. */
  Traffic traffic() {
    Traffic total = Traffic.NONE;
    for (Store store : stores) {
      total = total.plus(store.traffic());
    }
    return total;
  }

  @Override
  public void close() throws IOException {
    for (Store store : stores) {
      store.close();
    }
  }
}
