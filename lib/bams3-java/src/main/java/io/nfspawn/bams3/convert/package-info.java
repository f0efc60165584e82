/** From alignment files to datasets. */
@NullMarked
package io.nfspawn.bams3.convert;

import org.jspecify.annotations.NullMarked;
