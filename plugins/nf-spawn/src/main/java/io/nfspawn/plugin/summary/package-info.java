/** What a run took, told at its end. */
@NullMarked
package io.nfspawn.plugin.summary;

import org.jspecify.annotations.NullMarked;
