package io.nfspawn.plugin.scheduler;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Failure.Kind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can never work, noticed as soon as it can be known, with the fix in the message. */
final class GangRules {
  private final SchedulerConfig config;
  private final Packing packing;

  GangRules(SchedulerConfig config, Packing packing) {
    this.config = config;
    this.packing = packing;
  }

  /** What is wrong with a plain task, or with a member whatever its gang. */
  Optional<Failure> tooLarge(TaskRequest task) {
    if (task.resources().fitsIn(config.largest())) {
      return Optional.empty();
    }
    return failure(
        Kind.TOO_LARGE,
        "%s needs %s, but the largest instance of provider %s has %s: lower %s of process %s or %s"
            .formatted(
                task.name(),
                Amounts.text(task.resources()),
                config.provider(),
                Amounts.text(config.largest()),
                excess(task.resources()),
                task.process(),
                config.sizeAdvice()));
  }

  /** What is wrong with a newcomer alone; the gang can do without it. */
  Optional<Failure> unwanted(Gang gang, TaskRequest newcomer) {
    String role = Gang.roleOf(newcomer);
    Integer wanted = gang.composition().roles().get(role);
    if (wanted == null) {
      return failure(
          Kind.GANG_IMPOSSIBLE,
          "%s has role %s in gang %s, but its roles are %s: correct role or roles in ext.gang"
              .formatted(newcomer.name(), role, gang.id(), gang.composition()));
    }
    Round running = gang.running();
    boolean full = gang.forming().count(role) + gang.cachedCount(role) >= wanted;
    if (full || (running != null && running.state() == Round.State.RUNNING)) {
      return failure(
          Kind.GANG_IMPOSSIBLE,
          ("%s is member %d of role %s in gang %s, but its roles are %s: raise %s in roles, or give"
                  + " every gang an id of its own")
              .formatted(newcomer.name(), wanted + 1, role, gang.id(), gang.composition(), role));
    }
    return Optional.empty();
  }

  /** What is wrong with the gang now that the newcomer is among its members. */
  Optional<Failure> impossible(Gang gang, TaskRequest newcomer) {
    return disagreement(gang, newcomer)
        .or(() -> tooLarge(newcomer))
        .or(() -> overQueueSize(gang))
        .or(() -> overMaxForks(gang))
        .or(() -> cachedReceiver(gang))
        .or(() -> overProvider(gang));
  }

  private static Optional<Failure> disagreement(Gang gang, TaskRequest newcomer) {
    Composition said = newcomer.gang().orElseThrow().composition();
    return said.equals(gang.composition())
        ? Optional.empty()
        : failure(
            Kind.GANG_IMPOSSIBLE,
            ("gang %s: %s says its roles are %s, but other members say %s: every member must state"
                    + " the same roles in the same order")
                .formatted(gang.id(), newcomer.name(), said, gang.composition()));
  }

  private Optional<Failure> overQueueSize(Gang gang) {
    int size = gang.composition().size();
    return config.queueSize() == 0 || size <= config.queueSize()
        ? Optional.empty()
        : failure(
            Kind.GANG_IMPOSSIBLE,
            ("gang %s has %d members that start together, but queueSize is %d: raise"
                    + " executor.queueSize to at least %d or lower the number of members")
                .formatted(gang.id(), size, config.queueSize(), size));
  }

  private static Optional<Failure> overMaxForks(Gang gang) {
    Map<String, Long> needs =
        gathered(gang).stream()
            .collect(groupingBy(TaskRequest::process, LinkedHashMap::new, counting()));
    for (TaskRequest task : gathered(gang)) {
      long need = needs.getOrDefault(task.process(), 0L);
      if (task.maxForks() > 0 && need > task.maxForks()) {
        return failure(
            Kind.GANG_IMPOSSIBLE,
            ("gang %s has %d members of process %s that start together, but its maxForks is %d:"
                    + " raise maxForks to at least the number of members, or remove it")
                .formatted(gang.id(), need, task.process(), task.maxForks()));
      }
    }
    return Optional.empty();
  }

  /** What a cached receiver would have received is gone, and its old result may be wrong. */
  Optional<Failure> cachedReceiver(Gang gang) {
    if (gang.forming().members().isEmpty()) {
      return Optional.empty();
    }
    for (TaskRequest cached : gang.cached()) {
      if (!gang.composition().sendOnly().contains(Gang.roleOf(cached))) {
        return failure(
            Kind.GANG_CACHED,
            ("gang %s: %s was taken from the cache but %s must run again, and what %s receives"
                    + " from it would be missing: rerun without -resume, or set cache false (and no"
                    + " storeDir) for the processes of the gang")
                .formatted(
                    gang.id(), cached.name(), gathered(gang).get(0).name(), Gang.roleOf(cached)));
      }
    }
    return Optional.empty();
  }

  private Optional<Failure> overProvider(Gang gang) {
    List<Resources> needs = gathered(gang).stream().map(TaskRequest::resources).toList();
    Resources[] most = new Resources[Math.min(config.maxInstances(), needs.size())];
    Arrays.fill(most, config.largest());
    if (needs.isEmpty() || packing.place(needs, most).length > 0) {
      return Optional.empty();
    }
    Resources total = needs.stream().reduce(Resources.NONE, Resources::plus);
    return failure(
        Kind.GANG_IMPOSSIBLE,
        ("gang %s needs %s for %s of its %d ranks alone, but provider %s gives at most %s of %s:"
                + " lower the number of members or what they need, or %s")
            .formatted(
                gang.id(),
                Amounts.text(total),
                needs.size(),
                gang.composition().size(),
                config.provider(),
                Amounts.count(config.maxInstances(), "instance"),
                Amounts.text(config.largest()),
                config.rankAdvice()));
  }

  Failure incomplete(Gang gang, String why) {
    return new Failure(
        Kind.GANG_INCOMPLETE,
        ("gang %s: %s never came (%s); here are %s of %s: does a member need another's output, or"
                + " do the roles promise more members than there are?")
            .formatted(
                gang.id(),
                Amounts.roles(gang.missing()),
                why,
                Amounts.roles(gang.present()),
                gang.composition()));
  }

  private static List<TaskRequest> gathered(Gang gang) {
    return gang.forming().members().stream().map(Member::task).toList();
  }

  private String excess(Resources need) {
    boolean cpus = need.millicpus() > config.largest().millicpus();
    boolean memory = need.memoryBytes() > config.largest().memoryBytes();
    if (cpus && memory) {
      return "cpus and memory";
    }
    if (cpus || memory) {
      return cpus ? "cpus" : "memory";
    }
    return need.diskBytes() > config.largest().diskBytes() ? "disk" : "accelerator";
  }

  private static Optional<Failure> failure(Kind kind, String message) {
    return Optional.of(new Failure(kind, message));
  }
}
