package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;

/** Where a dataset comes to be: nothing is visible under its name before {@link #publish()}. */
interface Target {

  /** Where objects go while the dataset is being written. */
  Store store();

  /** The final name, for messages. */
  String place();

  /**
   * Called before each chunk becomes visible.
   *
   * @throws TargetExistsException when another writer has taken the place over
   */
  default void checkOwned() throws IOException {}

  /** Makes the dataset visible, whole. */
  void publish() throws IOException;

  /** Removes what was written; idempotent. */
  void abandon() throws IOException;

  /** Stores a whole object. */
  default void put(String key, byte[] content) throws IOException {
    try (Store.Upload upload = store().create(key)) {
      upload.write(content);
      upload.publish();
    } catch (IOException e) {
      throw PagePipeline.cannotWrite(store(), e);
    }
  }
}
