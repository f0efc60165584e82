package io.nfspawn.transport;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One member of a gang, as the driver announces it in {@code members.json}.
 *
 * @param rank position in the gang, from 0
 * @param role the part it plays, e.g. {@code call}
 * @param host name or address other members reach it by
 * @param zone where it runs; {@code local} on this machine
 * @param epoch the round it was started in; the file's own unless the member carries another
 * @param wires wires it can speak, best first
 * @param endpoints where it listens, by wire; empty until it has published itself
 */
public record Member(
    int rank,
    String role,
    String host,
    String zone,
    int epoch,
    List<String> wires,
    Map<String, String> endpoints) {

  public Member {
    wires = List.copyOf(wires);
    endpoints = Map.copyOf(endpoints);
  }

  /** Where this member listens on {@code wire}, if it has said so yet. */
  public Optional<String> endpoint(String wire) {
    return Optional.ofNullable(endpoints.get(wire));
  }

  @Override
  public String toString() {
    return "rank " + rank + " (" + role + " on " + host + ")";
  }
}
