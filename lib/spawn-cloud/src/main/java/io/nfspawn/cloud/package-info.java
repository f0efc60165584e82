/** Where instances come from: the port and its adapters. */
@NullMarked
package io.nfspawn.cloud;

import org.jspecify.annotations.NullMarked;
