/**
 * Datasets of format 1.0: manifest, chunks, reader and writer. Nothing outside the library sees it.
 * Source: docs/format/bams3-v1.md.
 */
@NullMarked
package io.nfspawn.bams3.v1;

import org.jspecify.annotations.NullMarked;
