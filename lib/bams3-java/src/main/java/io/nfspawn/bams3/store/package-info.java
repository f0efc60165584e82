/** Where the objects of a dataset lie. */
@NullMarked
package io.nfspawn.bams3.store;

import org.jspecify.annotations.NullMarked;
