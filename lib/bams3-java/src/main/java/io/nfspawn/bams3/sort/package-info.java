/** Sorts records by coordinate as {@code samtools sort} does, in bounded memory. */
@NullMarked
package io.nfspawn.bams3.sort;

import org.jspecify.annotations.NullMarked;
