package io.nfspawn.transport;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What joins the running members of a gang: work queue, push/pull and barrier over one wire.
 *
 * <p>One channel a process. Opening it binds an endpoint on this member's own host and publishes it
 * to the others; members are dialled when a pattern needs them. Thread-safe. Closing it says
 * goodbye, closes every pattern, frees its memory and ends its threads.
 *
 * <pre>{@code
 * try (Channel channel = Channel.open(Membership.fromEnvironment(), ChannelOptions.defaults());
 *     WorkConsumer work = channel.workConsumer("items", 0, Credit.DEFAULT);
 *     Pusher results = channel.pusher("results", channel.membership().size() - 1)) {
 *   for (var item = work.take(wait); item.isPresent(); item = work.take(wait)) {
 *     Delivery todo = item.get();
 *     results.push(todo.key(), call(todo.payload()), wait).thenRun(todo::ack);
 *   }
 *   results.finish(wait);
 * }
 * }</pre>
 */
public interface Channel extends AutoCloseable {

  /**
   * Opens the channel of this member.
   *
   * @throws ChannelException when the endpoint cannot be bound or the wire cannot be had
   */
  static Channel open(Membership membership, ChannelOptions options) {
    return WireChoice.open(membership, options);
  }

  Membership membership();

  /** The wire in use, e.g. {@code zmq} or {@code fabric:shm}. */
  String wire();

  /** The members as last announced, by rank. */
  List<Member> members();

  /**
   * Hands out work under {@code name}.
   *
   * @throws IllegalArgumentException when this channel has a source of that name already
   */
  WorkSource workSource(String name, SourceOptions options);

  /** Takes work from the source {@code name} of {@code sourceRank}; does not wait for it. */
  WorkConsumer workConsumer(String name, int sourceRank, Credit credit);

  /** Sends to the puller {@code name} of {@code pullerRank}; does not wait for it. */
  Pusher pusher(String name, int pullerRank);

  /** Gathers what is pushed under {@code name}. */
  Puller puller(String name, PullOptions options);

  /** Sends to all of {@code how.receivers()}; does not wait for them. */
  Broadcaster broadcaster(String name, BroadcastOptions how);

  /**
   * Receives what {@code senderRank} broadcasts under {@code name}, in its order, and hands it on
   * to the next receiver for as long as this inbox is open.
   *
   * @throws IllegalArgumentException when this rank is not among the receivers
   */
  Inbox broadcastReceiver(String name, int senderRank, BroadcastOptions how);

  /**
   * Waits until every member of the gang has called it with the same name as often as this one; a
   * process that was started again begins with the barrier that the others wait for. A call that
   * threw does not count: the next one waits for the same barrier, and returns at once if the
   * others have passed it meanwhile.
   *
   * @throws ChannelTimeoutException naming who is missing
   * @throws PeerLostException when a member is gone, until it is back
   */
  void barrier(String name, Duration timeout) throws InterruptedException;

  /** Memory to build payloads in. */
  BufferPool buffers();

  /** Is told of every event from now on, on the channel's thread: it must not block. */
  void onEvent(Consumer<ChannelEvent> listener);

  @Override
  void close();
}
