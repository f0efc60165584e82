/** Programs that measure the BAMS3 library beside samtools. */
@NullMarked
package io.nfspawn.bench.bams3;

import org.jspecify.annotations.NullMarked;
