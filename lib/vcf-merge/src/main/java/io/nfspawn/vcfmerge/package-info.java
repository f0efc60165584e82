/** Ordered merge of chunk VCFs into one indexed VCF with a receipt. */
@NullMarked
package io.nfspawn.vcfmerge;

import org.jspecify.annotations.NullMarked;
