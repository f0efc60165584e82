/**
 * Datasets where htsjdk and the tools on it take an alignment file: {@link
 * io.nfspawn.bams3.htsjdk.SamReaders} for code, {@link
 * io.nfspawn.bams3.htsjdk.DatasetReaderFactory} for programs such as Picard that know nothing of
 * datasets.
 */
@NullMarked
package io.nfspawn.bams3.htsjdk;

import org.jspecify.annotations.NullMarked;
