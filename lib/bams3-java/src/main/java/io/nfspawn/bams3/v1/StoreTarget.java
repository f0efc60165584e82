package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * A store without renaming: objects lie in place, and the manifest, written last, makes them a
 * dataset.
 *
 * <p>Whoever writes first puts a claim there, which only one can do, and takes it away at the end.
 * A claim that is there already is another writer's or a killed one's; nobody can tell which, so
 * the user decides. Whoever takes a claim over clears away what the other had written; the other
 * sees it before it would publish, publishes nothing, and leaves everything to the new owner.
 */
final class StoreTarget implements Target {
  private static final String CLAIM = "writer.claim";

  private final Store store;
  private final byte[] claim = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
  private boolean ended;

  private StoreTarget(Store store) {
    this.store = store;
  }

  static StoreTarget begin(Store store, boolean replace) throws IOException {
    StoreTarget begun = new StoreTarget(store);
    try {
      if (!replace && begun.hasManifest()) {
        throw begun.exists("a dataset is there already; --force replaces it");
      }
      begun.claim(replace);
      begun.clear(replace);
    } catch (IOException e) {
      throw PagePipeline.cannotWrite(store, e);
    }
    return begun;
  }

  /** Asked for by name: a listing may lag behind. */
  private boolean hasManifest() throws IOException {
    try {
      return store.size(Manifest.KEY) >= 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void claim(boolean replace) throws IOException {
    if (store.putIfAbsent(CLAIM, claim)) {
      return;
    }
    if (!replace) {
      throw exists(
          "another conversion to it is under way, or was killed; wait for it, or --force starts"
              + " over");
    }
    try (Store.Upload upload = store.create(CLAIM)) {
      upload.write(claim);
      upload.publish();
    }
  }

  private void clear(boolean replace) throws IOException {
    List<String> keys = store.list("").stream().filter(key -> !key.equals(CLAIM)).toList();
    boolean foreign = keys.stream().anyMatch(key -> !isOurs(key));
    if (foreign) {
      ended = true;
      store.delete(CLAIM);
      throw exists("something that is not a dataset is there; choose another target");
    }
    if (replace) {
      store.delete(Manifest.KEY); // first, and even if no listing shows it: it makes the dataset
    }
    store.deleteAll(keys);
    store.discardUnpublished();
  }

  private static boolean isOurs(String key) {
    return key.equals(Manifest.KEY) || key.equals(Manifest.HEADER_KEY) || key.endsWith(".b3c");
  }

  private TargetExistsException exists(String problem) {
    return new TargetExistsException(place(), place() + ": " + problem);
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public String place() {
    return store.place();
  }

  /** Whoever comes second to the manifest has lost; nothing of the winner is changed. */
  @Override
  public void put(String key, byte[] content) throws IOException {
    if (!key.equals(Manifest.KEY)) {
      Target.super.put(key, content);
      return;
    }
    try {
      if (!isClaimed() || !store.putIfAbsent(key, content)) {
        ended = true;
        throw exists("another conversion to it was started meanwhile; nothing was published");
      }
    } catch (IOException e) {
      throw PagePipeline.cannotWrite(store, e);
    }
  }

  private boolean isClaimed() throws IOException {
    try {
      return Arrays.equals(store.read(CLAIM, 0, claim.length + 1), claim);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void publish() throws IOException {
    ended = true;
    store.delete(CLAIM);
  }

  @Override
  public void abandon() throws IOException {
    if (ended || !isClaimed()) {
      return;
    }
    ended = true;
    store.deleteAll(store.list("").stream().filter(key -> !key.equals(CLAIM)).toList());
    store.discardUnpublished();
    store.delete(CLAIM);
  }
}
