package io.nfspawn.transport;

import java.time.Duration;
import java.util.Map;

/**
 * How a channel is opened. Start from {@link #fromEnvironment()} or {@link #defaults()} and change
 * what is needed.
 *
 * @param wire {@code auto}, {@code zmq}, {@code fabric}, or a provider: {@code fabric:efa}, {@code
 *     fabric:shm}, {@code fabric:tcp}
 * @param fabric whether {@code auto} may or must choose a fabric
 * @param encryption protection of frames
 * @param frameBytes longest frame body; larger payloads are split
 * @param warmUpFrames how many short frames a sealed session starts with; only after them do long
 *     payloads go beside frames. A JVM compiles AES-GCM after some thousand calls, and until then
 *     it runs at 1/50 of its speed (measured 75 MB/s): short frames make those calls come soon
 * @param maxMessageBytes largest payload that is sent or received
 * @param poolBytes capacity of the {@link BufferPool}
 * @param keepAlive silence after which this side says that it is there
 * @param peerTimeout silence after which a peer is lost
 * @param reconnectGrace time a peer whose connection broke has to come back before it is lost; work
 *     items it has are handed out again after a quarter of it
 * @param joinTimeout time members may take to publish themselves and answer
 * @param idle what threads that wait do before they sleep
 */
public record ChannelOptions(
    String wire,
    FabricPolicy fabric,
    Encryption encryption,
    int frameBytes,
    int warmUpFrames,
    int maxMessageBytes,
    long poolBytes,
    Duration keepAlive,
    Duration peerTimeout,
    Duration reconnectGrace,
    Duration joinTimeout,
    Idle idle) {

  /** Wire {@code auto}, authenticated frames of 64 KiB, messages up to 1 GiB. */
  public static ChannelOptions defaults() {
    return new ChannelOptions(
        "auto",
        FabricPolicy.PREFERRED,
        Encryption.AUTHENTICATE,
        64 << 10,
        2048,
        1 << 30,
        256L << 20,
        Duration.ofMillis(250),
        Duration.ofSeconds(15),
        Duration.ofSeconds(1),
        Duration.ofMinutes(5),
        Idle.SPINNING);
  }

  /**
   * {@link #defaults()} with what the run's configuration says of the channel: what a program uses
   * that leaves the choice to its user.
   *
   * @throws MembershipException naming the variable at fault
   */
  public static ChannelOptions fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  /** As {@link #fromEnvironment()}, from variables given. */
  public static ChannelOptions fromEnvironment(Map<String, String> environment) {
    return defaults().withEncryption(Encryption.of(environment));
  }

  public ChannelOptions {
    require(frameBytes >= 4096 && frameBytes <= 16 << 20, "frameBytes", frameBytes, "4 Ki … 16 Mi");
    require(warmUpFrames >= 0, "warmUpFrames", warmUpFrames, "0 or more");
    require(maxMessageBytes > 0, "maxMessageBytes", maxMessageBytes, "1 … 2^31-1");
    require(poolBytes > 0, "poolBytes", poolBytes, "1 or more");
    require(!keepAlive.isNegative() && !keepAlive.isZero(), "keepAlive", keepAlive, "more than 0");
    require(
        peerTimeout.compareTo(keepAlive.multipliedBy(2)) >= 0,
        "peerTimeout",
        peerTimeout,
        "at least twice keepAlive (" + keepAlive + ")");
    require(!reconnectGrace.isNegative(), "reconnectGrace", reconnectGrace, "0 or more");
    require(!joinTimeout.isNegative(), "joinTimeout", joinTimeout, "0 or more");
  }

  private static void require(boolean holds, String name, Object actual, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(name + "=" + actual + ", allowed is " + allowed);
    }
  }

  public ChannelOptions withWire(String value) {
    return new ChannelOptions(
        value,
        fabric,
        encryption,
        frameBytes,
        warmUpFrames,
        maxMessageBytes,
        poolBytes,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        joinTimeout,
        idle);
  }

  public ChannelOptions withFabric(FabricPolicy value) {
    return new ChannelOptions(
        wire,
        value,
        encryption,
        frameBytes,
        warmUpFrames,
        maxMessageBytes,
        poolBytes,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        joinTimeout,
        idle);
  }

  public ChannelOptions withEncryption(Encryption value) {
    return new ChannelOptions(
        wire,
        fabric,
        value,
        frameBytes,
        warmUpFrames,
        maxMessageBytes,
        poolBytes,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        joinTimeout,
        idle);
  }

  public ChannelOptions withFrameBytes(int value) {
    return new ChannelOptions(
        wire,
        fabric,
        encryption,
        value,
        warmUpFrames,
        maxMessageBytes,
        poolBytes,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        joinTimeout,
        idle);
  }

  public ChannelOptions withWarmUpFrames(int value) {
    return new ChannelOptions(
        wire,
        fabric,
        encryption,
        frameBytes,
        value,
        maxMessageBytes,
        poolBytes,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        joinTimeout,
        idle);
  }

  public ChannelOptions withMaxMessageBytes(int value) {
    return new ChannelOptions(
        wire,
        fabric,
        encryption,
        frameBytes,
        warmUpFrames,
        value,
        poolBytes,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        joinTimeout,
        idle);
  }

  public ChannelOptions withPoolBytes(long value) {
    return new ChannelOptions(
        wire,
        fabric,
        encryption,
        frameBytes,
        warmUpFrames,
        maxMessageBytes,
        value,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        joinTimeout,
        idle);
  }

  public ChannelOptions withLiveness(Duration keepAlive, Duration peerTimeout, Duration grace) {
    return new ChannelOptions(
        wire,
        fabric,
        encryption,
        frameBytes,
        warmUpFrames,
        maxMessageBytes,
        poolBytes,
        keepAlive,
        peerTimeout,
        grace,
        joinTimeout,
        idle);
  }

  public ChannelOptions withJoinTimeout(Duration value) {
    return new ChannelOptions(
        wire,
        fabric,
        encryption,
        frameBytes,
        warmUpFrames,
        maxMessageBytes,
        poolBytes,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        value,
        idle);
  }

  public ChannelOptions withIdle(Idle value) {
    return new ChannelOptions(
        wire,
        fabric,
        encryption,
        frameBytes,
        warmUpFrames,
        maxMessageBytes,
        poolBytes,
        keepAlive,
        peerTimeout,
        reconnectGrace,
        joinTimeout,
        value);
  }
}
