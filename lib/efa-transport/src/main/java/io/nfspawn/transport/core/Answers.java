package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an inbox has to say to its senders, in order: of items that follow each other all at once.
 * Guarded by the inbox.
 */
final class Answers {
  private final Answer.Pool pool = new Answer.Pool();
  private @Nullable Sender[] to = new Sender[16];
  private Message.Type[] types = new Message.Type[16];
  private long[] firsts = new long[16];
  private int[] counts = new int[16];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(Sender sender, Message.Type type, long item) {
    int last = size - 1;
    if (last >= 0
        && to[last] == sender
        && types[last] == type
        && firsts[last] + counts[last] == item
        && counts[last] < Ranges.MOST_ITEMS) {
      counts[last]++;
      return;
    }
    if (size == firsts.length) {
      to = Arrays.copyOf(to, 2 * size);
      types = Arrays.copyOf(types, 2 * size);
      firsts = Arrays.copyOf(firsts, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    to[size] = sender;
    types[size] = type;
    firsts[size] = item;
    counts[size++] = 1;
  }

  /**
   * On the channel's thread: says it all, each in the session its sender has then; who has none
   * hears nothing.
   */
  void send(int stream) {
    for (int i = 0; i < size; ) {
      i = send(stream, i);
    }
    Arrays.fill(to, 0, size, null);
    size = 0;
  }

  /**
   * Sends the answer at {@code first}, with those of its kind that follow; returns the next one.
   */
  private int send(int stream, int first) {
    Sender sender = to[first];
    int end = first + 1;
    int items = counts[first];
    while (end < size
        && end - first < Ranges.MOST
        && to[end] == sender
        && types[end] == types[first]
        && items + counts[end] <= Ranges.MOST_ITEMS) {
      items += counts[end++];
    }
    Session session = sender == null ? null : sender.session;
    if (session != null) {
      Answer answer = pool.take();
      answer.begin(types[first], stream);
      for (int i = first; i < end; i++) {
        answer.add(firsts[i], counts[i]);
      }
      session.send(answer);
    }
    return end;
  }
}
