package io.nfspawn.bams3.simulate;

import htsjdk.samtools.Cigar;

/**
 * Where a read lies and how it differs from the reference there.
 *
 * @param contig the contig
 * @param start 0-based position of the first aligned base
 * @param end position after the last aligned base
 * @param cigar soft clips included
 * @param md the MD tag's text
 * @param editDistance mismatches, inserted and deleted bases (tag NM)
 * @param score 1 a match, -4 a mismatch, -6 a gap and -1 each of its bases (tag AS)
 */
record Alignment(
    ReferenceContig contig,
    int start,
    int end,
    Cigar cigar,
    String md,
    int editDistance,
    int score) {}
