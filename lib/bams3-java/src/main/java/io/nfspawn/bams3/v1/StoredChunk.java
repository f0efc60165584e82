package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;

/**
 * A chunk's entry in the manifest: its name, what everybody may know, its index, and its counts.
 *
 * @param indexBytes size of directory and tail
 * @param indexCrc32c CRC32C of both
 */
record StoredChunk(ChunkName name, ChunkInfo info, int indexBytes, int indexCrc32c, Tally tally) {}
