package io.nfspawn.bams3.store.s3;

/**
 * The bucket and prefix that a store's keys continue.
 *
 * @param prefix empty, or ending in a slash
 */
record S3Prefix(String bucket, String prefix) {

  /** The object's key in the bucket. */
  String key(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("the empty key names no object");
    }
    return prefix + key;
  }

  /** The store's key of an object in the bucket. */
  String relative(String bucketKey) {
    return bucketKey.substring(prefix.length());
  }

  /** An object as a user would write it; the prefix itself for the empty key. */
  String place(String key) {
    String whole = prefix + key;
    return "s3://" + bucket + "/" + (key.isEmpty() ? whole.replaceAll("/$", "") : whole);
  }
}
