/**
 * Datasets of the first BAMS3 tools, written in Go and Python: their versions 0.1 (chunks of JSON)
 * and 0.2 (binary chunks). Both lose parts of a record; {@link
 * io.nfspawn.bams3.legacy.LegacyDataset#losses()} says which.
 *
 * <pre>
 * _metadata.json        version, who wrote it, counts, list of chunks with SHA-256
 * _header.json          the SAM header, taken apart
 * _index/spatial.json   the chunks once more, by contig
 * data/CONTIG/START-END.chunk   reads that start in the window, data/unmapped.chunk the unplaced
 *
 * chunk     all of it one zstd frame, or as it is
 * 0.1       JSON array of reads
 * 0.2       0 magic 33 4d 41 42   4 version 0x0200 u16   6 flags u16   8 number of reads u32   12 0
 * read 0.2  0 size u32, these 12 bytes included   4 name u16   6 bases u16   8 CIGAR u16   10 tags u16
 *           name, contig i32, start i32 (0-based), mapq u8, flag u16,
 *           CIGAR u32[], bases 4 bit (high half first), qualities + 33, tags { name, 'Z', text, 0 }
 * </pre>
 */
@NullMarked
package io.nfspawn.bams3.legacy;

import org.jspecify.annotations.NullMarked;
