package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object of unknown size: put whole if it is short, else in parts that are sent while the next
 * one fills. Holds at most three parts. S3 allows 10,000 parts, so every thousandth part doubles
 * their size, which reaches the largest object S3 stores.
 */
final class S3Upload extends Store.Upload {
  private static final int FIRST_BUFFER_BYTES = 1 << 16;
  private static final int PARTS_UNDER_WAY = 2;
  private static final int PARTS_OF_A_SIZE = 1000;

  private final ObjectWrites writes;
  private final Requests requests;
  private final String key;
  private final ArrayDeque<CompletableFuture<CompletedPart>> underWay = new ArrayDeque<>();
  private final List<CompletedPart> parts = new ArrayList<>();
  private int partBytes;
  private int partsBegun;
  private long totalBytes;
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int filled;
  private @Nullable String uploadId;
  private boolean ended;

  S3Upload(ObjectWrites writes, Requests requests, String key, int partBytes) {
    this.writes = writes;
    this.requests = requests;
    this.key = key;
    this.partBytes = partBytes;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
    if (ended) {
      throw new IOException("upload of " + key + " has ended");
    }
    int at = offset;
    for (int left = lengthBytes; left > 0; ) {
      if (filled == partBytes) {
        sendPart();
      }
      int room = Math.min(left, partBytes - filled);
      if (filled + room > buffer.length) {
        int doubled = (int) Math.min(partBytes, 2L * buffer.length);
        buffer = Arrays.copyOf(buffer, Math.max(doubled, filled + room));
      }
      System.arraycopy(bytes, at, buffer, filled, room);
      filled += room;
      at += room;
      left -= room;
    }
    totalBytes += lengthBytes;
  }

  private void sendPart() throws IOException {
    String upload = uploadId;
    if (upload == null) {
      upload = writes.begin(key);
      uploadId = upload;
    }
    if (underWay.size() >= PARTS_UNDER_WAY) {
      parts.add(requests.await(key, underWay.remove()));
    }
    byte[] content = filled == buffer.length ? buffer : Arrays.copyOf(buffer, filled);
    int number = ++partsBegun;
    underWay.add(writes.part(key, upload, number, content));
    if (number % PARTS_OF_A_SIZE == 0) {
      partBytes = (int) Math.min(2L * partBytes, 1 << 30);
    }
    buffer = new byte[partBytes];
    filled = 0;
  }

  @Override
  public void publish() throws IOException {
    if (ended) {
      throw new IOException("upload of " + key + " has ended");
    }
    if (uploadId == null) {
      writes.put(key, Arrays.copyOf(buffer, filled));
    } else {
      if (filled > 0) {
        sendPart();
      }
      while (!underWay.isEmpty()) {
        parts.add(requests.await(key, underWay.remove()));
      }
      writes.complete(key, uploadId, parts, totalBytes);
    }
    ended = true;
    buffer = new byte[0];
  }

  /** Waits for what is being sent: a part that arrives after the abort would stay. */
  @Override
  public void close() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    buffer = new byte[0];
    for (CompletableFuture<CompletedPart> part : underWay) {
      try {
        requests.await(key, part);
      } catch (IOException | RuntimeException e) {
        // it is dropped anyway
      }
    }
    if (uploadId != null) {
      writes.abort(key, uploadId);
    }
  }
}
