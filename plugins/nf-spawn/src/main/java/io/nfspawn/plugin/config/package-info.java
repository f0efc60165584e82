/** The spawn configuration scope: what users may set, read once and checked. */
@NullMarked
package io.nfspawn.plugin.config;

import org.jspecify.annotations.NullMarked;
