/** The members of the calling gang and what they send each other. */
@NullMarked
package io.nfspawn.pipeline.gang;

import org.jspecify.annotations.NullMarked;
