/** The Nextflow plugin: the only package that sees Nextflow types. */
@NullMarked
package io.nfspawn.plugin;

import org.jspecify.annotations.NullMarked;
