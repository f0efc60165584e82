/** BAM bytes: BGZF blocks, the header, raw records and their SAM text. */
@NullMarked
package io.nfspawn.bams3.bam;

import org.jspecify.annotations.NullMarked;
