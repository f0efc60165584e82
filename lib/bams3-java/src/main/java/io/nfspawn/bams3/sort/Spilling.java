package io.nfspawn.bams3.sort;

import com.github.luben.zstd.Zstd;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.Future;

/** Puts records, in order, into a file; workers compress. Owned by one thread. */
final class Spilling {
  static final int FRAME_BYTES = 1 << 20;
  private static final int ZSTD_LEVEL = 1;

  private final SpillFile file;
  private final Workers workers;
  private final ArrayDeque<Future<Compressed>> pending = new ArrayDeque<>();
  private byte[] frame = new byte[FRAME_BYTES];
  private int filled;

  /** A frame on its way to the file. */
  private static final class Compressed {
    final byte[] stored;
    final int storedBytes;
    final int rawBytes;

    Compressed(byte[] stored, int storedBytes, int rawBytes) {
      this.stored = stored;
      this.storedBytes = storedBytes;
      this.rawBytes = rawBytes;
    }
  }

  Spilling(SpillFile file, Workers workers) {
    this.file = file;
    this.workers = workers;
  }

  void add(RecordView record) throws IOException {
    int lengthBytes = record.lengthBytes();
    if (filled > 0 && frame.length - filled < lengthBytes) {
      endFrame();
    }
    if (frame.length < lengthBytes) {
      frame = new byte[lengthBytes];
    }
    System.arraycopy(record.buffer(), record.offset(), frame, filled, lengthBytes);
    filled += lengthBytes;
  }

  private void endFrame() throws IOException {
    byte[] raw = frame;
    int rawBytes = filled;
    pending.add(workers.submit(() -> compressed(raw, rawBytes)));
    frame = new byte[FRAME_BYTES];
    filled = 0;
    while (pending.size() > workers.maxPending()) {
      writeHead();
    }
  }

  private static Compressed compressed(byte[] raw, int rawBytes) {
    byte[] stored = new byte[(int) Zstd.compressBound(rawBytes)];
    long storedBytes =
        Zstd.compressByteArray(stored, 0, stored.length, raw, 0, rawBytes, ZSTD_LEVEL);
    if (Zstd.isError(storedBytes)) {
      throw new IllegalStateException(Zstd.getErrorName(storedBytes));
    }
    return new Compressed(stored, (int) storedBytes, rawBytes);
  }

  private void writeHead() throws IOException {
    Compressed head = Workers.await(pending.remove());
    file.append(head.stored, head.storedBytes, head.rawBytes);
  }

  /** Writes what is left. */
  void finish() throws IOException {
    if (filled > 0) {
      endFrame();
    }
    while (!pending.isEmpty()) {
      writeHead();
    }
    frame = Arrays.copyOf(frame, 0);
  }
}
