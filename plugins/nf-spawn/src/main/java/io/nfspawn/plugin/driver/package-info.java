/**
 * The run's driver: owns the scheduler, the control plane and the instances; knows nothing of
 * Nextflow.
 */
@NullMarked
package io.nfspawn.plugin.driver;

import org.jspecify.annotations.NullMarked;
