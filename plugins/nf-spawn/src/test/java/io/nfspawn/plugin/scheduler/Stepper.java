package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Steps a scheduler event by event on a clock of its own and keeps what it did. */
final class Stepper {
  static final long GB = 1L << 30;
  static final Resources SLICE = Resources.of(4, 8 * GB);

  final Scheduler scheduler;
  final List<Action> all = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  Stepper(SchedulerConfig config) {
    scheduler = new Scheduler(config);
  }

  /** Two instances of 4 cpus and 8 GB, no queueSize. */
  static Stepper local() {
    return new Stepper(config(2, 0));
  }

  static SchedulerConfig config(int instances, int queueSize) {
    return SchedulerConfig.local(instances, SLICE, queueSize);
  }

  Instant now() {
    return now;
  }

  List<Action> handle(Event event) {
    List<Action> actions = scheduler.handle(event);
    all.addAll(actions);
    return actions;
  }

  List<Action> arrive(TaskRequest task) {
    return handle(new Event.TaskArrived(now, task));
  }

  List<Action> arrive(TaskRequest... tasks) {
    List<Action> actions = new ArrayList<>();
    Arrays.stream(tasks).forEach(task -> actions.addAll(arrive(task)));
    return actions;
  }

  List<Action> exit(String task, int status) {
    return handle(new Event.TaskExited(now, new TaskId(task), status, false, ""));
  }

  /** The agent obeyed a kill. */
  List<Action> killed(String task) {
    return handle(new Event.TaskExited(now, new TaskId(task), 143, true, "killed"));
  }

  List<Action> started(String task) {
    return handle(new Event.TaskStarted(now, new TaskId(task)));
  }

  List<Action> join(String instance) {
    return join(instance, SLICE);
  }

  List<Action> join(String instance, Resources capacity) {
    return handle(new Event.AgentJoined(now, new InstanceId(instance), capacity));
  }

  List<Action> lose(String instance) {
    return handle(new Event.AgentLost(now, new InstanceId(instance), "no heartbeat for 15 s"));
  }

  List<Action> handled(String culprit, Event.ErrorAction action) {
    return handle(new Event.CulpritHandled(now, new TaskId(culprit), action));
  }

  /** Lets time pass, then ticks once. */
  List<Action> pass(Duration duration) {
    now = now.plus(duration);
    return handle(new Event.Tick(now));
  }

  String reason(String task) {
    return scheduler.waiting(new TaskId(task)).map(WaitReason::text).orElse("none");
  }

  static TaskRequest task(String id, int cpus) {
    return task(id, cpus, 0);
  }

  static TaskRequest task(String id, int cpus, int maxForks) {
    return new TaskRequest(
        new TaskId(id),
        "T (" + id + ")",
        "T",
        Resources.of(cpus, GB),
        maxForks,
        Optional.empty(),
        0,
        Optional.empty());
  }

  static TaskRequest limited(TaskRequest task, Duration limit) {
    return new TaskRequest(
        task.id(),
        task.name(),
        task.process(),
        task.resources(),
        task.maxForks(),
        Optional.of(limit),
        task.reclaims(),
        task.gang());
  }

  /** The calling gang: {@code [distribute: 1, call: callers, merge: 1]}; distribute only sends. */
  static Composition calling(int callers) {
    Map<String, Integer> roles = new LinkedHashMap<>();
    roles.put("distribute", 1);
    roles.put("call", callers);
    roles.put("merge", 1);
    return new Composition(roles, Set.of("distribute"));
  }

  static TaskRequest member(String id, String role, Composition composition) {
    return member(id, role, composition, 1, 0);
  }

  static TaskRequest member(
      String id, String role, Composition composition, int cpus, int maxForks) {
    return member(id, "g", role, composition, cpus, maxForks);
  }

  static TaskRequest member(
      String id, String gang, String role, Composition composition, int cpus, int maxForks) {
    String process = role.toUpperCase(java.util.Locale.ROOT);
    return new TaskRequest(
        new TaskId(id),
        process + " (" + id + ")",
        process,
        Resources.of(cpus, GB),
        maxForks,
        Optional.empty(),
        0,
        Optional.of(new GangMember(new GangId(gang), role, composition)));
  }

  /** All members of a calling gang of two callers: d, c1, c2, m with a suffix. */
  static TaskRequest[] callingGang(String suffix) {
    Composition calling = calling(2);
    return new TaskRequest[] {
      member("d" + suffix, "distribute", calling),
      member("c1" + suffix, "call", calling),
      member("c2" + suffix, "call", calling),
      member("m" + suffix, "merge", calling)
    };
  }

  static TaskId id(String value) {
    return new TaskId(value);
  }

  static InstanceId instance(String value) {
    return new InstanceId(value);
  }

  static Action.Assign assign(String task, String instance) {
    return new Action.Assign(id(task), instance(instance), 1, Optional.empty());
  }

  static <A extends Action> List<A> only(Class<A> kind, List<Action> actions) {
    return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static List<String> failures(List<Action> actions) {
    return only(Action.Fail.class, actions).stream().map(fail -> fail.failure().message()).toList();
  }
}
