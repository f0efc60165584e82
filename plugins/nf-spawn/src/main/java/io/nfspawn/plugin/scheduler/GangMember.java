package io.nfspawn.plugin.scheduler;

/**
 * What a task says about its gang.
 *
 * @param gang which gang
 * @param role what the task does in it; one of the composition's roles
 * @param composition the whole gang, as this member states it
 */
public record GangMember(GangId gang, String role, Composition composition) {}
