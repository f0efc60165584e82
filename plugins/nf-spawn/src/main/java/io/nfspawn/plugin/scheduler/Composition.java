package io.nfspawn.plugin.scheduler;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Who makes up a gang. Two compositions are equal when they name the same roles in the same order,
 * because the order of the roles numbers the ranks.
 *
 * @param roles role → number of members, at least 1 each, in rank order
 * @param sendOnly roles that receive nothing over the channel: a cached member of such a role can
 *     be run again as a shadow
 */
public record Composition(Map<String, Integer> roles, Set<String> sendOnly) {

  public Composition {
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("a gang needs at least one role, e.g. roles: [call: 2]");
    }
    roles.forEach(
        (role, count) -> {
          if (count < 1) {
            throw new IllegalArgumentException(
                "gang role '%s' has %d members; at least 1 is needed".formatted(role, count));
          }
        });
    roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
    sendOnly = Set.copyOf(sendOnly);
  }

  /** Number of members: the world size. */
  public int size() {
    return roles.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The first rank of a role; the others of the role follow it. */
  public int firstRank(String role) {
    int rank = 0;
    for (Map.Entry<String, Integer> entry : roles.entrySet()) {
      if (entry.getKey().equals(role)) {
        return rank;
      }
      rank += entry.getValue();
    }
    throw new IllegalArgumentException("no role '%s' in %s".formatted(role, this));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Composition that
        && toString().equals(that.toString())
        && sendOnly.equals(that.sendOnly);
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** As a user would type it: {@code [distribute: 1, call: 2, merge: 1]}. */
  @Override
  public String toString() {
    return roles.entrySet().stream()
        .map(role -> role.getKey() + ": " + role.getValue())
        .collect(joining(", ", "[", "]"));
  }
}
