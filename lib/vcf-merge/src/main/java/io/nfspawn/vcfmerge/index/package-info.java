/** TBI and CSI indexes with count metadata, built while the VCF is written. */
@NullMarked
package io.nfspawn.vcfmerge.index;

import org.jspecify.annotations.NullMarked;
