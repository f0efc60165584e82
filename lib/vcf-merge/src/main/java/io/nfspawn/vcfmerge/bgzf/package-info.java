/** BGZF, the blocked gzip of SAMv1 section 4.1: reading with strict ends, writing on many cores. */
@NullMarked
package io.nfspawn.vcfmerge.bgzf;

import org.jspecify.annotations.NullMarked;
