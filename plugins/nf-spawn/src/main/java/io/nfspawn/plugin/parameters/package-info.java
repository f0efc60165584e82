/** The parameters of a pipeline, checked against its nextflow_schema.json before any work. */
@NullMarked
package io.nfspawn.plugin.parameters;

import org.jspecify.annotations.NullMarked;
