package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.ChunkInfo;

/** A chunk's entry in the manifest: what everybody may know, its name, and its counts by kind. */
record StoredChunk(ChunkName name, ChunkInfo info, Tally tally) {}
