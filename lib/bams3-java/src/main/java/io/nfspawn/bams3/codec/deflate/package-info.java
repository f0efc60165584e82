/** Raw deflate, as BGZF blocks hold it, by whatever does it fastest on this machine. */
@NullMarked
package io.nfspawn.bams3.codec.deflate;

import org.jspecify.annotations.NullMarked;
