/** The command spawn-chunks. */
@NullMarked
package io.nfspawn.pipeline.cli;

import org.jspecify.annotations.NullMarked;
