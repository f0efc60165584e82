/** Starting the processes of tasks and waiting for their ends, by two ways with one contract. */
@NullMarked
package io.nfspawn.agent.process;

import org.jspecify.annotations.NullMarked;
