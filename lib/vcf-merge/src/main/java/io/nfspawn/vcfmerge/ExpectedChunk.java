package io.nfspawn.vcfmerge;

import org.jspecify.annotations.Nullable;

/**
 * A chunk that the merge waits for; its place in the list is its place in the output.
 *
 * @param id name of the chunk
 * @param core interval that every record's POS must lie in; null when nobody knows it
 */
public record ExpectedChunk(ChunkId id, @Nullable Interval core) {}
