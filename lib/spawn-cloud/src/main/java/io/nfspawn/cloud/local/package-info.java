/** Instances that are processes of this machine. */
@NullMarked
package io.nfspawn.cloud.local;

import org.jspecify.annotations.NullMarked;
