package io.nfspawn.transport;

/** Takes items from one {@link WorkSource}; its credit bounds what this rank holds in memory. */
public interface WorkConsumer extends Inbox {}
