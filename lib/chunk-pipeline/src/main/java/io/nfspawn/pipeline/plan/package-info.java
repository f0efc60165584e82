/** The plan: which work items there are, for which dataset, reference and caller. */
@NullMarked
package io.nfspawn.pipeline.plan;

import org.jspecify.annotations.NullMarked;
