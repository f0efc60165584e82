/** Codecs of columns: zstd and range ANS. Source: docs/format/bams3-v1.md, section 7. */
@NullMarked
package io.nfspawn.bams3.codec;

import org.jspecify.annotations.NullMarked;
