package io.nfspawn.plugin.scheduler;

/**
 * A candidate that could start if there were room.
 *
 * @param count how many like it wait, itself included; 1 for a round
 */
record Demand(Candidate first, int count) {}
