package io.nfspawn.bams3.store;

/**
 * What a store has asked of its server so far.
 *
 * @param requests every request that was sent, repeated ones included
 * @param repeats how many of them repeated one that failed
 * @param readBytes content received
 * @param writtenBytes content sent
 */
public record Traffic(long requests, long repeats, long readBytes, long writtenBytes) {

  /** Of a store without a server. */
  public static final Traffic NONE = new Traffic(0, 0, 0, 0);

  /** Both together. */
  public Traffic plus(Traffic other) {
    return new Traffic(
        requests + other.requests,
        repeats + other.repeats,
        readBytes + other.readBytes,
        writtenBytes + other.writtenBytes);
  }
}
