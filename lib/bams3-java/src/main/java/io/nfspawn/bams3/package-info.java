/**
 * BAMS3 datasets: open, query, convert and verify.
 *
 * <p>A dataset holds the records of one alignment file, cut into chunks that are stored, fetched
 * and checked one by one; {@link io.nfspawn.bams3.Dataset} reads it, {@link
 * io.nfspawn.bams3.DatasetWriter} writes it. Records are handed out as the bytes they had in the
 * BAM file.
 *
 * <pre>{@code
 * try (Dataset dataset = Dataset.open(Path.of("sample.bams3"))) {
 *   dataset.writeBam(System.out, 0, dataset.region("chr20:1-50,000").toInterval());
 * }
 * }</pre>
 */
@NullMarked
package io.nfspawn.bams3;

import org.jspecify.annotations.NullMarked;
