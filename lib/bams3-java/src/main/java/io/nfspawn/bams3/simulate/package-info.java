/**
 * Simulated sequencing runs: a reference, the variants of one person, and the reads with errors.
 */
@NullMarked
package io.nfspawn.bams3.simulate;

import org.jspecify.annotations.NullMarked;
