package io.nfspawn.bams3.store;

import io.nfspawn.bams3.store.s3.S3Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a dataset or a file lies, as a user writes it. */
public sealed interface StorePlace {

  /** As it was written. */
  String text();

  /**
   * A directory or file of a file system.
   *
   * @param path for {@code file:} URIs as well
   */
  record InFileSystem(String text, Path path) implements StorePlace {}

  /**
   * Objects of a bucket.
   *
   * @param key the key of one object or the prefix of several, without slashes at its ends; empty
   *     for the whole bucket
   */
  record InBucket(String text, String bucket, String key) implements StorePlace {
    /** The store of all objects whose keys continue {@link #key} after a slash. */
    public Store open(S3Options options) throws IOException {
      return open(key, options);
    }

    /** The store of the prefix above the key, to read that one object. */
    public Store openParent(S3Options options) throws IOException {
      return open(key.substring(0, Math.max(0, key.lastIndexOf('/'))), options);
    }

    private Store open(String prefix, S3Options options) throws IOException {
      try {
        return S3Store.open(bucket, prefix, options);
      } catch (LinkageError e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        throw new StoreException(
            StoreException.Reason.UNSUPPORTED,
            text,
            "the AWS library for this machine could not be loaded (%s); name a folder that allows programs to run: SPAWN_JAVA_OPTS=-Djava.io.tmpdir=FOLDER"
                .formatted(cause.getMessage()),
            e);
      }
    }

    /** The key's last part: its name in {@link #openParent}. */
    public String name() {
      return key.substring(key.lastIndexOf('/') + 1);
    }
  }

  /** A {@code scheme://} that nothing here reads. */
  record Unknown(String text, String scheme) implements StorePlace {}

  Pattern S3 = Pattern.compile("s3://([^/]+)/*(.*?)/*", Pattern.DOTALL);
  Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://.*", Pattern.DOTALL);

  /** Reads a path, a {@code file:} URI or {@code s3://bucket/prefix}. */
  static StorePlace of(String text) {
    Matcher s3 = S3.matcher(text);
    if (s3.matches()) {
      return new InBucket(text, s3.group(1), s3.group(2));
    }
    if (text.startsWith("file:")) {
      return new InFileSystem(text, Path.of(URI.create(text)));
    }
    Matcher scheme = SCHEME.matcher(text);
    return scheme.matches()
        ? new Unknown(text, scheme.group(1))
        : new InFileSystem(text, Path.of(text));
  }
}
