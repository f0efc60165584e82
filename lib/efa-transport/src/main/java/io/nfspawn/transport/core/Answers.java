package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What an inbox has to say to its senders, in order. Guarded by the inbox. */
final class Answers {
  /** What one message may be about, beside its first item: a few KiB. */
  private static final int MOST_MORE_ITEMS = 400;

  private @Nullable Sender[] to = new Sender[16];
  private Message.Type[] types = new Message.Type[16];
  private long[] items = new long[16];
  private int size;

  void add(Sender sender, Message.Type type, long item) {
    if (size == items.length) {
      to = Arrays.copyOf(to, 2 * size);
      types = Arrays.copyOf(types, 2 * size);
      items = Arrays.copyOf(items, 2 * size);
    }
    to[size] = sender;
    types[size] = type;
    items[size++] = item;
  }

  /** Says it all, each in the session its sender has then; who has none hears nothing. */
  void send(int stream) {
    for (int i = 0; i < size; ) {
      i = send(stream, i);
    }
    Arrays.fill(to, 0, size, null);
    size = 0;
  }

  /** Sends the answer at {@code first}, with all of its kind that follow; returns the next one. */
  private int send(int stream, int first) {
    Sender sender = to[first];
    int end = first + 1;
    while (end < size
        && end - first <= MOST_MORE_ITEMS
        && to[end] == sender
        && types[end] == types[first]) {
      end++;
    }
    Session session = sender == null ? null : sender.session;
    if (session == null) {
      return end;
    }
    if (end == first + 1) {
      session.send(Message.of(types[first], stream, items[first]));
      return end;
    }
    ByteBuffer more = ByteBuffer.allocate(Long.BYTES * (end - first - 1));
    for (int i = first + 1; i < end; i++) {
      more.putLong(items[i]);
    }
    session.send(Message.of(types[first], stream, items[first], "", more.flip()));
    return end;
  }
}
