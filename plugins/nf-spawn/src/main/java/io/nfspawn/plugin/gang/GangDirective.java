package io.nfspawn.plugin.gang;

import io.nfspawn.plugin.parameters.NearestName;
import io.nfspawn.plugin.scheduler.Composition;
import io.nfspawn.plugin.scheduler.GangId;
import io.nfspawn.plugin.scheduler.GangMember;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ext.gang}: {@code [role: 'call', roles: [distribute: 1, call: 2, merge: 1], senders:
 * ['distribute']]}. A role among {@code senders} receives nothing over the channel. Without an
 * {@code id} the members of a sample are a gang: a configuration's closures cannot name {@code
 * meta} under Nextflow's strict parser.
 */
public final class GangDirective {
  private static final List<String> KEYS = List.of("id", "role", "roles", "senders");
  private static final String EXAMPLE =
      "e.g. ext.gang = { [role: 'call', roles: [call: 2, merge: 1]] }";

  private GangDirective() {}

  /**
   * @param task the task's name, for messages
   * @param value what {@code ext.gang} gave for this task
   * @param unnamed the gang it is in when the value has no {@code id}
   * @throws IllegalArgumentException with one line for the user
   */
  public static GangMember read(String task, Object value, GangId unnamed) {
    try {
      return member(map(value, "is"), unnamed);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("ext.gang of %s: %s".formatted(task, e.getMessage()), e);
    }
  }

  /**
   * The gang of a task whose {@code ext.gang} has no {@code id}: its sample's, and without one that
   * of the workflow which calls its process.
   *
   * @param meta the task's input of that name
   * @param process its whole name, e.g. {@code VARIANTS:CHUNKS_CALL}
   */
  public static GangId unnamed(@Nullable Object meta, String process) {
    if (meta instanceof Map<?, ?> map
        && map.get("id") != null
        && !map.get("id").toString().isBlank()) {
      return new GangId(map.get("id").toString().strip());
    }
    String workflow = GangKeys.scope(process);
    return new GangId(workflow.isEmpty() ? "workflow" : workflow);
  }

  private static GangMember member(Map<?, ?> gang, GangId unnamed) {
    for (Object key : gang.keySet()) {
      if (!KEYS.contains(key.toString())) {
        throw new IllegalArgumentException(
            "unknown key '%s'%s; it takes %s"
                .formatted(
                    key,
                    NearestName.of(key.toString(), KEYS)
                        .map(near -> " (did you mean '%s'?)".formatted(near))
                        .orElse(""),
                    String.join(", ", KEYS)));
      }
    }
    GangId id = gang.containsKey("id") ? new GangId(text(gang, "id")) : unnamed;
    String role = text(gang, "role");
    Map<String, Integer> roles = roles(map(gang.get("roles"), "roles is"));
    if (!roles.containsKey(role)) {
      throw new IllegalArgumentException(
          "role '%s' is none of its roles %s".formatted(role, roles.keySet()));
    }
    Set<String> senders = senders(gang.get("senders"), roles.keySet());
    return new GangMember(id, role, new Composition(roles, senders));
  }

  private static Map<?, ?> map(@Nullable Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(
        "%s %s, expected a map, %s".formatted(what, value == null ? "missing" : value, EXAMPLE));
  }

  private static String text(Map<?, ?> gang, String key) {
    Object value = gang.get(key);
    String text = value == null ? "" : value.toString().strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("%s is missing, %s".formatted(key, EXAMPLE));
    }
    return text;
  }

  private static Map<String, Integer> roles(Map<?, ?> given) {
    Map<String, Integer> roles = new LinkedHashMap<>();
    given.forEach(
        (role, members) -> {
          if (!(members instanceof Integer || members instanceof Long)) {
            throw new IllegalArgumentException(
                "role '%s' has '%s' members, expected a whole number".formatted(role, members));
          }
          roles.put(role.toString(), Math.toIntExact(((Number) members).longValue()));
        });
    return roles;
  }

  private static Set<String> senders(@Nullable Object given, Set<String> roles) {
    if (given == null) {
      return Set.of();
    }
    if (!(given instanceof Collection<?> list)) {
      throw new IllegalArgumentException(
          "senders is '%s', expected a list of roles".formatted(given));
    }
    Set<String> senders = new LinkedHashSet<>();
    for (Object sender : list) {
      if (!roles.contains(sender.toString())) {
        throw new IllegalArgumentException(
            "sender '%s' is none of its roles %s".formatted(sender, roles));
      }
      senders.add(sender.toString());
    }
    return senders;
  }
}
