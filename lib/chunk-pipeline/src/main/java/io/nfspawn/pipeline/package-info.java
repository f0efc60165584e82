/** The programs of the calling gang: plan, distribute, call, merge. */
@NullMarked
package io.nfspawn.pipeline;

import org.jspecify.annotations.NullMarked;
