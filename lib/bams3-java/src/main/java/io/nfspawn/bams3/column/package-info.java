/**
 * Pages: records in, columns out, and back. Source: docs/format/bams3-v1.md, sections 5 and 6.
 * Nothing in here is thread-safe; encoders and decoders are made once a thread and used for many
 * pages.
 */
@NullMarked
package io.nfspawn.bams3.column;

import org.jspecify.annotations.NullMarked;
