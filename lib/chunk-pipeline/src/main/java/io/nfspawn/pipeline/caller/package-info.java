/** Callers: what turns the records of one work item into calls. */
@NullMarked
package io.nfspawn.pipeline.caller;

import org.jspecify.annotations.NullMarked;
