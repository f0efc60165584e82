package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;

/** A store without renaming: objects lie in place, and the manifest makes them a dataset. */
record StoreTarget(Store store) implements Target {

  @Override
  public String place() {
    return store.place();
  }

  /** Whoever comes second to the manifest has lost; nothing of the winner is changed. */
  @Override
  public void put(String key, byte[] content) throws IOException {
    if (!key.equals(Manifest.KEY)) {
      Target.super.put(key, content);
    } else if (!putIfAbsent(key, content)) {
      throw new TargetExistsException(
          place(), place() + ": a dataset is there already; choose another target");
    }
  }

  private boolean putIfAbsent(String key, byte[] content) throws IOException {
    try {
      return store.putIfAbsent(key, content);
    } catch (IOException e) {
      throw PagePipeline.cannotWrite(store, e);
    }
  }

  @Override
  public void publish() {}

  @Override
  public void abandon() throws IOException {
    for (String key : store.list("")) {
      store.delete(key);
    }
  }
}
