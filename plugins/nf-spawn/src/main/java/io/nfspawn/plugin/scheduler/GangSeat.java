package io.nfspawn.plugin.scheduler;

/**
 * A member's place in one round of its gang.
 *
 * @param epoch the round, from 1
 * @param rank 0 … size − 1; by the order of the roles, then by arrival
 * @param size world size
 */
public record GangSeat(GangId gang, int epoch, String role, int rank, int size) {}
