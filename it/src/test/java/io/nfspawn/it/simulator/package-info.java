/**
 * Drives the scheduler through many tasks, instances and faults on a virtual clock, from a seed.
 */
package io.nfspawn.it.simulator;
