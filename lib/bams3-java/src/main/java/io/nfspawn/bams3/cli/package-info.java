/** The command {@code bams3}. */
@NullMarked
package io.nfspawn.bams3.cli;

import org.jspecify.annotations.NullMarked;
