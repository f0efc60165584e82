/** The scheduler: a pure state machine without threads, I/O, clock or Nextflow types. */
@NullMarked
package io.nfspawn.plugin.scheduler;

import org.jspecify.annotations.NullMarked;
