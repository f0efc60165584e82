/** The records of a work item as BAM bytes, and how a caller's pipe gets them. */
@NullMarked
package io.nfspawn.pipeline.bam;

import org.jspecify.annotations.NullMarked;
