package io.nfspawn.it.simulator;

import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Action;
import io.nfspawn.plugin.scheduler.Composition;
import io.nfspawn.plugin.scheduler.Event;
import io.nfspawn.plugin.scheduler.Event.ErrorAction;
import io.nfspawn.plugin.scheduler.Failure;
import io.nfspawn.plugin.scheduler.GangId;
import io.nfspawn.plugin.scheduler.GangMember;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Nextflow and the plugin: makes tasks, retries or ignores them, aborts the run. */
final class SimulatedNextflow {
  private static final long GB = 1L << 30;
  private static final int MAX_RETRIES = 3;
  private static final int ARRIVAL_SPREAD_MILLIS = 600_000;

  private final Scenario scenario;
  private final Random random;
  private final Timeline timeline;
  private final Consumer<Event> deliver;
  private final Map<TaskId, TaskRequest> requests = new HashMap<>();
  private final Map<TaskId, Integer> live = new LinkedHashMap<>();
  private int coming;
  private int copies;
  private boolean aborted;

  SimulatedNextflow(Scenario scenario, Random random, Timeline timeline, Consumer<Event> deliver) {
    this.scenario = scenario;
    this.random = random;
    this.timeline = timeline;
    this.deliver = deliver;
  }

  /** Plans all arrivals. */
  void start() {
    List<ProcessShape> processes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      processes.add(ProcessShape.of("P" + i, random));
    }
    int made = 0;
    for (int gang = 0; made < scenario.tasks() / 5; gang++) {
      made += makeGang("g" + gang);
    }
    for (; made < scenario.tasks(); made++) {
      ProcessShape process = processes.get(random.nextInt(processes.size()));
      arrive(process.task(made, random), random.nextInt(ARRIVAL_SPREAD_MILLIS), 0);
    }
    if (scenario.aborts()) {
      timeline.after(random.nextInt(ARRIVAL_SPREAD_MILLIS), this::abort);
    }
  }

  /** A process: all its tasks are alike, but for their memory in some. */
  private record ProcessShape(
      String name, int cpus, int maxForks, boolean limited, boolean varied) {
    static ProcessShape of(String name, Random random) {
      int forks = random.nextInt(3) == 0 ? 1 + random.nextInt(10) : 0;
      return new ProcessShape(
          name, 1 + random.nextInt(6), forks, random.nextInt(4) == 0, random.nextInt(4) == 0);
    }

    TaskRequest task(int number, Random random) {
      long memory = varied ? (1 + random.nextInt(16)) * GB : GB;
      return new TaskRequest(
          new TaskId("t" + number),
          name + " (" + number + ")",
          name,
          Resources.of(cpus, memory),
          maxForks,
          limited ? Optional.of(Duration.ofSeconds(40)) : Optional.empty(),
          0,
          Optional.empty());
    }
  }

  private int makeGang(String gang) {
    Map<String, Integer> roles = new LinkedHashMap<>();
    if (random.nextInt(10) > 0) {
      roles.put("distribute", 1);
      roles.put("call", 1 + random.nextInt(5));
    }
    roles.put("merge", 1);
    Composition composition = new Composition(roles, Set.of("distribute"));
    List<TaskRequest> members = new ArrayList<>();
    roles.forEach(
        (role, count) -> {
          for (int i = 0; i < count; i++) {
            members.add(member(gang, role + i, role, composition));
          }
        });
    int begin = random.nextInt(ARRIVAL_SPREAD_MILLIS);
    boolean cached = random.nextDouble() < scenario.cached();
    boolean lacks = random.nextDouble() < scenario.incomplete();
    for (TaskRequest member : members) {
      int delay = begin + random.nextInt(20_000);
      if (cached
          && (member.gang().orElseThrow().role().equals("distribute") || random.nextInt(12) == 0)) {
        requests.put(member.id(), member);
        timeline.after(delay, () -> deliver.accept(new Event.MemberCached(timeline.now(), member)));
      } else if (!lacks || random.nextInt(members.size()) > 0) {
        arrive(member, delay, 0);
      }
    }
    return members.size();
  }

  private TaskRequest member(String gang, String name, String role, Composition composition) {
    return new TaskRequest(
        new TaskId(gang + "-" + name),
        role + " (" + gang + ")",
        role,
        Resources.of(1, GB),
        role.equals("call") ? 12 : 0,
        random.nextInt(10) == 0 ? Optional.of(Duration.ofSeconds(45)) : Optional.empty(),
        0,
        Optional.of(new GangMember(new GangId(gang), role, composition)));
  }

  private void arrive(TaskRequest task, int delayMillis, int failures) {
    coming++;
    timeline.after(
        delayMillis,
        () -> {
          coming--;
          if (!aborted) {
            requests.put(task.id(), task);
            live.put(task.id(), failures);
            deliver.accept(new Event.TaskArrived(timeline.now(), task));
          }
        });
  }

  TaskRequest request(TaskId task) {
    return requests.get(task);
  }

  boolean isOver() {
    return coming == 0 && live.isEmpty();
  }

  /** A terminal action. */
  void ended(Action action) {
    if (action instanceof Action.Complete complete) {
      int failures = finish(complete.task());
      if (complete.exitStatus() != 0) {
        failed(complete.task(), failures, true);
      }
    } else if (action instanceof Action.Fail fail) {
      failed(fail.task(), finish(fail.task()), retryable(fail.failure()));
    } else if (action instanceof Action.Reclaimed reclaimed) {
      int failures = finish(reclaimed.task());
      copy(reclaimed.task(), reclaimed.reclaims(), failures);
    } else if (action instanceof Action.FailRound round) {
      for (TaskId task : round.innocent()) {
        copy(task, 0, finish(task));
      }
    } else {
      throw new AssertionError("not a terminal action: " + action);
    }
  }

  void submitFailed(TaskId task) {
    Integer failures = live.remove(task);
    if (failures != null) {
      failed(task, failures, true);
    }
  }

  private static boolean retryable(Failure failure) {
    return failure.kind().retryable();
  }

  private int finish(TaskId task) {
    Integer failures = live.remove(task);
    if (failures == null) {
      throw new AssertionError(task + " ended though it was not alive");
    }
    return failures;
  }

  /** The error strategy: retry, at most so often, then ignore. */
  private void failed(TaskId task, int failures, boolean retryable) {
    boolean retry = retryable && failures < MAX_RETRIES && !aborted;
    Runnable decide =
        () ->
            deliver.accept(
                new Event.CulpritHandled(
                    timeline.now(), task, retry ? ErrorAction.RETRY : ErrorAction.IGNORE));
    if (retry) {
      copy(task, request(task).reclaims(), failures + 1);
    }
    timeline.after(random.nextInt(3_000), decide);
  }

  private void copy(TaskId task, int reclaims, int failures) {
    TaskRequest old = request(task);
    TaskRequest next =
        new TaskRequest(
            new TaskId(task.value().replaceAll("\\.\\d+$", "") + "." + ++copies),
            old.name(),
            old.process(),
            old.resources(),
            old.maxForks(),
            old.timeLimit(),
            reclaims,
            old.gang());
    arrive(next, random.nextInt(3_000), failures);
  }

  private void abort() {
    aborted = true;
    List<TaskId> given = new ArrayList<>(live.keySet());
    Collections.shuffle(given, random);
    for (TaskId task : given) {
      if (live.remove(task) != null) {
        deliver.accept(new Event.TaskWithdrawn(timeline.now(), task));
      }
    }
  }
}
