/** What a process says about its gang, read from Nextflow's directives. */
@NullMarked
package io.nfspawn.plugin.gang;

import org.jspecify.annotations.NullMarked;
