package io.nfspawn.bams3.simulate;

import java.nio.file.Path;

/**
 * What was written.
 *
 * @param directory holds the files
 * @param contigs contigs of the reference
 * @param snvs single-nucleotide variants in the truth
 * @param indels insertions and deletions in the truth
 * @param reads records in the BAM
 */
public record SimulationSummary(Path directory, int contigs, int snvs, int indels, long reads) {}
