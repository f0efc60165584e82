package io.nfspawn.bams3;

/**
 * A run of neighbouring records inside a chunk that lie on one contig.
 *
 * @param extent from the least start to the greatest end of its records
 * @param records number of records
 * @param maxReferenceSpanBp greatest number of reference bases that one record covers
 */
public record PageInfo(Interval extent, int records, int maxReferenceSpanBp) {}
