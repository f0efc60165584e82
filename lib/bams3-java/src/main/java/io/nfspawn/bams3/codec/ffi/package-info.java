/** The only place of this library that knows of foreign functions. */
@NullMarked
package io.nfspawn.bams3.codec.ffi;

import org.jspecify.annotations.NullMarked;
