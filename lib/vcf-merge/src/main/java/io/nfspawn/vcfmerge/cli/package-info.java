/** The command {@code vcf-merge}. */
@NullMarked
package io.nfspawn.vcfmerge.cli;

import org.jspecify.annotations.NullMarked;
