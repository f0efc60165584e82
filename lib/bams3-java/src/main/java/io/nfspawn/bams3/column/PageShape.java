package io.nfspawn.bams3.column;

/**
 * What the directory says of a page's bytes.
 *
 * @param storedBytes size of the page
 * @param headerBytes size of its header
 * @param coreBytes size of header and core columns
 * @param headerCrc CRC32C of the header
 * @param records number of records
 * @param rawBytes size of the records, block sizes included
 */
public record PageShape(
    int storedBytes, int headerBytes, int coreBytes, int headerCrc, int records, int rawBytes) {}
