package io.nfspawn.bams3.sort;

import com.github.luben.zstd.Zstd;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sorted records read back from a file, one frame ahead of what is asked for. Closing frees the
 * file.
 */
final class SpilledSource implements SortedSource {
  private final SpillFile file;
  private final Workers workers;
  private final int contigs;
  private final Iterator<SpillFile.Frame> frames;
  private final RecordView view = new RecordView();
  private @Nullable Future<byte[]> ahead;
  private byte[] frame = new byte[0];
  private int at;
  private long key;

  SpilledSource(SpillFile file, Workers workers, int contigs) {
    this.file = file;
    this.workers = workers;
    this.contigs = contigs;
    this.frames = file.frames().iterator();
  }

  @Override
  public boolean next() throws IOException {
    if (at == frame.length && !nextFrame()) {
      return false;
    }
    int lengthBytes = LittleEndian.int32(frame, at) + 4;
    view.moveTo(frame, at, lengthBytes);
    key = CoordinateKey.of(frame, at, contigs);
    at += lengthBytes;
    return true;
  }

  private boolean nextFrame() throws IOException {
    Future<byte[]> ready = ahead != null ? ahead : fetch();
    if (ready == null) {
      return false;
    }
    frame = Workers.await(ready);
    at = 0;
    ahead = fetch();
    return true;
  }

  private @Nullable Future<byte[]> fetch() {
    if (!frames.hasNext()) {
      return null;
    }
    SpillFile.Frame next = frames.next();
    return workers.submit(
        () -> {
          byte[] raw = new byte[next.rawBytes()];
          byte[] stored = file.read(next);
          long rawBytes = Zstd.decompressByteArray(raw, 0, raw.length, stored, 0, stored.length);
          if (rawBytes != raw.length) {
            throw new IOException("records to be sorted came back damaged from the disk");
          }
          return raw;
        });
  }

  @Override
  public long key() {
    return key;
  }

  @Override
  public RecordView record() {
    return view;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
