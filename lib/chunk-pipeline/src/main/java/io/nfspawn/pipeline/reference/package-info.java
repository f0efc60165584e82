/** The reference genome: its index, its check against the dataset, windows of it. */
@NullMarked
package io.nfspawn.pipeline.reference;

import org.jspecify.annotations.NullMarked;
