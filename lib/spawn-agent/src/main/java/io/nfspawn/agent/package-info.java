/** The program on each instance. */
@NullMarked
package io.nfspawn.agent;

import org.jspecify.annotations.NullMarked;
