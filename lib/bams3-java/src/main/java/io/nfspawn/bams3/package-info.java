/** BAMS3 datasets: open, query, convert and verify. */
@NullMarked
package io.nfspawn.bams3;

import org.jspecify.annotations.NullMarked;
