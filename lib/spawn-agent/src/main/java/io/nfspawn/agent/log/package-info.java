/** The agent's log: a few lines on stderr. */
@NullMarked
package io.nfspawn.agent.log;

import org.jspecify.annotations.NullMarked;
