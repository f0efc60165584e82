package io.nfspawn.bams3;

/**
 * One {@code @RG} line of the header.
 *
 * @param id its ID
 * @param sample its SM, empty when the line has none
 */
public record ReadGroup(String id, String sample) {}
