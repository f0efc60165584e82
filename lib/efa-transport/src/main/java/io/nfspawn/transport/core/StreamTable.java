package io.nfspawn.transport.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The streams of a channel: few, and asked for with every message. Thread-safe. */
final class StreamTable {
  private volatile Content content = new Content(new int[0], new Stream[0]);

  /** Numbers and streams at equal places; never changed. */
  private static final class Content {
    final int[] ids;
    final Stream[] streams;

    Content(int[] ids, Stream[] streams) {
      this.ids = ids;
      this.streams = streams;
    }

    int find(int id) {
      for (int i = 0; i < ids.length; i++) {
        if (ids[i] == id) {
          return i;
        }
      }
      return -1;
    }
  }

  /** False when that number is taken. */
  synchronized boolean add(int id, Stream stream) {
    Content now = content;
    if (now.find(id) >= 0) {
      return false;
    }
    int count = now.ids.length;
    int[] ids = Arrays.copyOf(now.ids, count + 1);
    Stream[] streams = Arrays.copyOf(now.streams, count + 1);
    ids[count] = id;
    streams[count] = stream;
    content = new Content(ids, streams);
    return true;
  }

  synchronized void remove(int id, Stream stream) {
    Content now = content;
    int place = now.find(id);
    if (place < 0 || now.streams[place] != stream) {
      return;
    }
    int last = now.ids.length - 1;
    int[] ids = Arrays.copyOf(now.ids, last);
    Stream[] streams = Arrays.copyOf(now.streams, last);
    if (place < last) {
      ids[place] = now.ids[last];
      streams[place] = now.streams[last];
    }
    content = new Content(ids, streams);
  }

  @Nullable Stream get(int id) {
    Content now = content;
    int place = now.find(id);
    return place < 0 ? null : now.streams[place];
  }

  /** As they are now; not to be changed. */
  Stream[] all() {
    return content.streams;
  }

  boolean anyLingers() {
    for (Stream stream : all()) {
      if (stream.lingers()) {
        return true;
      }
    }
    return false;
  }
}
