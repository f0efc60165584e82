/** The provisional encoding 0.9: manifest, chunks, pages. Nothing outside the library sees it. */
@NullMarked
package io.nfspawn.bams3.v09;

import org.jspecify.annotations.NullMarked;
