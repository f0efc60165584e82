package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * A store without renaming: objects lie in place, and the manifest, written last, makes them a
 * dataset.
 *
 * <p>Whoever writes has the {@link WriterClaim} of the place. Whoever takes it over clears away
 * what the other had written; the other sees it before it would publish, publishes nothing, and
 * leaves everything to the new owner.
 */
final class StoreTarget implements Target {
  private final Store store;
  private final WriterClaim claim;
  private boolean ended;

  private StoreTarget(Store store, WriterClaim claim) {
    this.store = store;
    this.claim = claim;
  }

  static StoreTarget begin(Store store, boolean replace) throws IOException {
    try {
      refuseDataset(store, replace);
      WriterClaim claim = WriterClaim.take(store, replace);
      try {
        refuseDataset(store, replace); // another one's, finished meanwhile
        clear(store, claim, replace);
      } catch (IOException | RuntimeException e) {
        claim.release();
        throw e;
      }
      return new StoreTarget(store, claim);
    } catch (IOException e) {
      throw PagePipeline.cannotWrite(store, e);
    }
  }

  private static void refuseDataset(Store store, boolean replace) throws IOException {
    if (!replace && hasManifest(store)) {
      throw exists(store, "a dataset is there already; --force replaces it");
    }
  }

  /** Asked for by name: a listing may lag behind. */
  private static boolean hasManifest(Store store) throws IOException {
    try {
      return store.size(Manifest.KEY) >= 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void clear(Store store, WriterClaim claim, boolean replace) throws IOException {
    List<String> keys = store.list("");
    List<String> content = keys.stream().filter(key -> !WriterClaim.isClaim(key)).toList();
    if (content.stream().anyMatch(key -> !isOurs(key))) {
      throw exists(store, "something that is not a dataset is there; choose another target");
    }
    if (replace) {
      store.delete(Manifest.KEY); // first, and even if no listing shows it: it makes the dataset
    }
    store.deleteAll(content);
    store.discardUnpublished();
    claim.removeOthers(keys);
  }

  private static boolean isOurs(String key) {
    return key.equals(Manifest.KEY) || key.equals(Manifest.HEADER_KEY) || key.endsWith(".b3c");
  }

  private static TargetExistsException exists(Store store, String problem) {
    return new TargetExistsException(store.place(), store.place() + ": " + problem);
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public String place() {
    return store.place();
  }

  @Override
  public void checkOwned() throws IOException {
    if (!claim.isLikelyHeld()) {
      throw lost();
    }
  }

  private TargetExistsException lost() {
    ended = true;
    claim.close();
    return exists(store, "another conversion to it was started meanwhile; nothing was published");
  }

  /** Whoever comes second to the manifest has lost; nothing of the winner is changed. */
  @Override
  public void put(String key, byte[] content) throws IOException {
    if (!key.equals(Manifest.KEY)) {
      Target.super.put(key, content);
      return;
    }
    try {
      if (!claim.isHeld() || !store.putIfAbsent(key, content)) {
        throw lost();
      }
    } catch (IOException e) {
      throw PagePipeline.cannotWrite(store, e);
    }
  }

  @Override
  public void publish() throws IOException {
    ended = true;
    claim.release();
  }

  @Override
  public void abandon() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    if (!claim.isHeld()) {
      claim.close();
      return;
    }
    store.deleteAll(store.list("").stream().filter(key -> !WriterClaim.isClaim(key)).toList());
    store.discardUnpublished();
    claim.release();
  }
}
