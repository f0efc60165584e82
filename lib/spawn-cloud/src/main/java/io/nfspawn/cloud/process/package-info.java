/** Finding and ending the processes of a task, an instance or a run by the marker they carry. */
@NullMarked
package io.nfspawn.cloud.process;

import org.jspecify.annotations.NullMarked;
