package io.nfspawn.bams3.convert;

import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.store.Store;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A BAM, SAM or CRAM file, object of a bucket or standard input; what it is shows in its first
 * bytes.
 */
public final class AlignmentInput {
  private static final int SNIFF_BYTES = 1 << 16;

  private final String name;
  private final @Nullable Path file;
  private final @Nullable InputStream pipe;
  private final @Nullable BucketObject object;
  private final @Nullable Path reference;

  /** An object that is read as a stream, ahead of need and without a copy on any disk. */
  private record BucketObject(Store store, String key) {}

  private AlignmentInput(
      String name,
      @Nullable Path file,
      @Nullable InputStream pipe,
      @Nullable BucketObject object,
      @Nullable Path reference) {
    this.name = name;
    this.file = file;
    this.pipe = pipe;
    this.object = object;
    this.reference = reference;
  }

  /**
   * @param reference FASTA for CRAM; null leaves the search to samtools
   */
  public static AlignmentInput file(Path file, @Nullable Path reference) {
    return new AlignmentInput(file.toString(), file, null, null, reference);
  }

  /** A stream, closed at the end of the conversion. */
  public static AlignmentInput pipe(InputStream pipe, @Nullable Path reference) {
    return new AlignmentInput("standard input", null, pipe, null, reference);
  }

  /**
   * An object of a store.
   *
   * @param name what messages call it
   * @param store not closed
   */
  public static AlignmentInput object(
      String name, Store store, String key, @Nullable Path reference) {
    return new AlignmentInput(name, null, null, new BucketObject(store, key), reference);
  }

  /** What messages call it. */
  public String name() {
    return name;
  }

  /** Size in bytes; -1 of a pipe. */
  public long sizeBytes() throws IOException {
    if (object != null) {
      return objectBytes(object);
    }
    return file == null || !Files.isRegularFile(file) ? -1 : Files.size(file);
  }

  private long objectBytes(BucketObject known) throws IOException {
    try {
      return known.store().size(known.key());
    } catch (NoSuchFileException e) {
      throw new InputException(name, "there is no such object; check the key", e);
    }
  }

  /** A stream of BGZF-compressed BAM. */
  interface BamStream extends Closeable {
    InputStream bytes();

    /** Fails if whoever makes the stream has failed; called when the stream has ended. */
    void checkSource() throws IOException;
  }

  BamStream open() throws IOException {
    BufferedInputStream in = new BufferedInputStream(openRaw(), SNIFF_BYTES);
    try {
      in.mark(SNIFF_BYTES);
      byte[] start = in.readNBytes(SNIFF_BYTES - 1);
      in.reset();
      return switch (InputKind.of(start)) {
        case BAM -> new PlainStream(in);
        case SAM, CRAM -> SamtoolsStream.start(name, file, in, reference);
        case EMPTY -> throw new InputException(name, "is empty; a BAM, SAM or CRAM file is wanted");
        case OTHER ->
            throw new InputException(
                name, "is not a BAM, SAM or CRAM file; give an alignment file");
      };
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private InputStream openRaw() throws IOException {
    if (pipe != null) {
      return pipe;
    }
    if (object != null) {
      return openObject(object);
    }
    if (file == null) {
      throw new IllegalStateException("neither file nor pipe");
    }
    try {
      if (Files.isDirectory(file)) {
        throw new InputException(name, "is a directory; give a BAM, SAM or CRAM file");
      }
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw new InputException(name, "there is no such file; check the path", e);
    } catch (AccessDeniedException e) {
      throw new InputException(name, "may not be read; check its permissions", e);
    }
  }

  private InputStream openObject(BucketObject known) throws IOException {
    try {
      return known.store().open(known.key());
    } catch (NoSuchFileException e) {
      throw new InputException(name, "there is no such object; check the key", e);
    }
  }

  private record PlainStream(InputStream bytes) implements BamStream {
    @Override
    public void checkSource() {}

    @Override
    public void close() throws IOException {
      bytes.close();
    }
  }
}
